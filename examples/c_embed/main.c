/* SPDX-License-Identifier: Apache-2.0
 * Reads lines of handwritten digits in C: loads a save, runs it on images, prints the text and where each digit
 * stands. */
#include <rnnlib/c_api.h>
#include <stdio.h>
#include <stdlib.h>

/* Mean and standard deviation of the training set's pixels: the network learnt from pixels without them. */
static const float pixel_mean = 25.8956f;
static const float pixel_std = 53.7985f;

/* The pixels of a PGM file without comments or with one before its sizes, as inputs [width, height]: x outside, y
 * inside. Null when it is none. */
static float* read_image(const char* path, int64_t shape[2]) {
  FILE* file = fopen(path, "rb");
  float* inputs = NULL;
  int width = 0, height = 0, white = 0, x, y;
  if (file == NULL) return NULL;
  if (fscanf(file, "P5 #%*[^\n]%d %d %d", &width, &height, &white) != 3) {
    rewind(file);
    if (fscanf(file, "P5 %d %d %d", &width, &height, &white) != 3) width = 0;
  }
  if (fgetc(file) != EOF && width > 0 && height > 0 && width < 32768 && height < 32768 && white == 255) {
    inputs = malloc((size_t)width * (size_t)height * sizeof(float));
  }
  for (y = 0; inputs != NULL && y < height; ++y) {
    for (x = 0; x < width; ++x) {
      inputs[(size_t)x * (size_t)height + (size_t)y] = ((float)fgetc(file) - pixel_mean) / pixel_std;
    }
  }
  if (inputs != NULL && feof(file)) {
    free(inputs);
    inputs = NULL;
  }
  fclose(file);
  shape[0] = width;
  shape[1] = height;
  return inputs;
}

static void print_prediction(const rnnlib_network* network, const char* path, const rnnlib_prediction* prediction) {
  int64_t i;
  printf("%s: ", path);
  for (i = 0; i < prediction->num_labels; ++i) printf("%s", rnnlib_network_label(network, prediction->labels[i]));
  printf("\n");
  for (i = 0; i < prediction->num_labels; ++i) {
    const rnnlib_position columns = prediction->input_positions[i];
    printf("  %s  columns %3d to %3d  confidence %.2f\n", rnnlib_network_label(network, prediction->labels[i]),
           (int)columns.first, (int)columns.last, prediction->confidences[i]);
  }
}

static int read_line(const rnnlib_network* network, rnnlib_workspace* workspace, const char* path) {
  int64_t shape[2];
  rnnlib_prediction prediction;
  rnnlib_status status;
  float* inputs = read_image(path, shape);
  if (inputs == NULL) {
    fprintf(stderr, "%s: cannot be read, or is no PGM image\n", path);
    return 1;
  }
  status = rnnlib_workspace_run(workspace, inputs, shape[0] * shape[1], 1, shape, 2, &prediction);
  if (status == RNNLIB_OK) {
    print_prediction(network, path, &prediction);
  } else {
    fprintf(stderr, "%s: %s\n", path, rnnlib_last_error());
  }
  free(inputs);
  return status == RNNLIB_OK ? 0 : 1;
}

int main(int argc, char** argv) {
  rnnlib_network* network = NULL;
  rnnlib_workspace* workspace = NULL;
  int failed = 0;
  int i;
  if (argc < 3) {
    fprintf(stderr, "usage: %s SAVE IMAGE.pgm ...\n", argv[0]);
    return 2;
  }
  if (rnnlib_c_abi_version() != RNNLIB_C_ABI_VERSION) {
    fprintf(stderr, "%s: made for another version of rnnlib than %s\n", argv[0], rnnlib_version());
    return 1;
  }
  if (rnnlib_network_load(argv[1], RNNLIB_FLOAT, &network) != RNNLIB_OK ||
      rnnlib_workspace_new(network, &workspace) != RNNLIB_OK) {
    fprintf(stderr, "%s: %s\n", argv[0], rnnlib_last_error());
    failed = 1;
  } else if (rnnlib_network_num_dims(network) != 2 || rnnlib_network_input_size(network) != 1 ||
             rnnlib_network_num_output_dims(network) != 1) {
    fprintf(stderr, "%s: the network does not read grey images\n", argv[0]);
    failed = 1;
  }
  for (i = 2; i < argc && !failed; ++i) failed = read_line(network, workspace, argv[i]);
  rnnlib_workspace_free(workspace);
  rnnlib_network_free(network);
  return failed;
}
