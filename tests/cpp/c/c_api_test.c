/* SPDX-License-Identifier: Apache-2.0
 * The C interface from C99. Argument: the folder of golden cases. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "c_check.h"

static char* read_file(const char* path, size_t* size) {
  FILE* file = fopen(path, "rb");
  char* data = NULL;
  *size = 0;
  if (file == NULL) return NULL;
  fseek(file, 0, SEEK_END);
  *size = (size_t)ftell(file);
  rewind(file);
  data = malloc(*size + 1);
  if (data != NULL && fread(data, 1, *size, file) != *size) {
    free(data);
    data = NULL;
  }
  fclose(file);
  return data;
}

static void test_errors(const char* missing) {
  rnnlib_network* network = NULL;
  rnnlib_workspace* workspace = NULL;
  const char* text = "task transcription\n";
  CHECK(rnnlib_network_load(missing, RNNLIB_FLOAT, &network) == RNNLIB_ERROR_IO);
  CHECK(strstr(rnnlib_last_error(), missing) != NULL);
  CHECK(rnnlib_network_parse(text, strlen(text), "here", RNNLIB_FLOAT, &network) == RNNLIB_ERROR_FORMAT);
  CHECK(strstr(rnnlib_last_error(), "here") != NULL);
  CHECK(rnnlib_network_parse("unknown 1\n", 10, NULL, RNNLIB_FLOAT, &network) == RNNLIB_ERROR_CONFIG);
  CHECK(strstr(rnnlib_last_error(), "memory") != NULL);
  CHECK(rnnlib_network_load(missing, (rnnlib_precision)7, &network) == RNNLIB_ERROR_ARGUMENT);
  CHECK(rnnlib_network_load(NULL, RNNLIB_FLOAT, &network) == RNNLIB_ERROR_ARGUMENT);
  CHECK(strcmp(rnnlib_last_error(), "path is null") == 0);
  CHECK(network == NULL);
  CHECK(rnnlib_workspace_new(NULL, &workspace) == RNNLIB_ERROR_ARGUMENT && workspace == NULL);
  CHECK(rnnlib_network_num_dims(NULL) == 0 && rnnlib_network_label(NULL, 0) == NULL);
  CHECK(strcmp(rnnlib_network_task(NULL), "") == 0);
  rnnlib_network_free(NULL);
  rnnlib_workspace_free(NULL);
  rnnlib_stream_free(NULL);
}

/* Runs an image with one number per pixel. */
static rnnlib_status run(rnnlib_workspace* workspace, const float* inputs, const int64_t* shape,
                         rnnlib_prediction* prediction) {
  const int64_t points = shape == NULL ? 1 : shape[0] * shape[1];
  return rnnlib_workspace_run(workspace, inputs, points, 1, shape, 2, prediction);
}

/* A 2-D transcription: sizes, labels, outputs, positions, errors of data. */
static void test_whole(const char* path) {
  rnnlib_network* network = NULL;
  rnnlib_workspace* workspace = NULL;
  rnnlib_stream* stream = NULL;
  rnnlib_prediction prediction;
  int64_t shape[2] = {21, 9};
  int64_t output_shape = 0;
  int64_t step = 0;
  int64_t t, k, i;
  float* inputs;
  CHECK(rnnlib_network_load(path, RNNLIB_DOUBLE, &network) == RNNLIB_OK);
  if (network == NULL) return;
  CHECK(strcmp(rnnlib_network_task(network), "transcription") == 0);
  CHECK(rnnlib_network_num_dims(network) == 2);
  CHECK(rnnlib_network_num_output_dims(network) == 1);
  CHECK(rnnlib_network_output_size(network) == rnnlib_network_num_labels(network) + 1);
  CHECK(rnnlib_network_num_weights(network) > 0);
  CHECK(rnnlib_network_label(network, 0) != NULL);
  CHECK(rnnlib_network_label(network, rnnlib_network_num_labels(network)) == NULL);
  CHECK(rnnlib_network_label(network, -1) == NULL);
  CHECK(rnnlib_network_output_shape(network, shape, 2, &output_shape) == RNNLIB_OK);
  CHECK(rnnlib_network_output_step(network, &step) == RNNLIB_OK);
  CHECK(step > 1 && output_shape == (shape[0] + step - 1) / step);
  CHECK(rnnlib_stream_new(network, &stream) == RNNLIB_ERROR_CONFIG && stream == NULL);
  CHECK(strstr(rnnlib_last_error(), "dimensions") != NULL);

  inputs = malloc((size_t)(shape[0] * shape[1] * rnnlib_network_input_size(network)) * sizeof(float));
  fill(inputs, (size_t)(shape[0] * shape[1] * rnnlib_network_input_size(network)));
  CHECK(rnnlib_workspace_new(network, &workspace) == RNNLIB_OK);
  rnnlib_network_free(network); /* the workspace keeps what it needs */
  CHECK(run(workspace, inputs, shape, &prediction) == RNNLIB_OK);
  CHECK(prediction.points == output_shape && prediction.size > 1);
  for (t = 0; t < prediction.points; ++t) {
    double sum = 0;
    for (k = 0; k < prediction.size; ++k) sum += prediction.outputs[t * prediction.size + k];
    CHECK(fabs(sum - 1) < 1e-9);
  }
  for (i = 0; i < prediction.num_labels; ++i) {
    const rnnlib_position p = prediction.positions[i];
    CHECK(p.first <= p.last && p.first >= 0 && p.last < prediction.points);
    CHECK(i == 0 || prediction.positions[i - 1].last < p.first);
    CHECK(prediction.input_positions[i].first == p.first * step);
    CHECK(prediction.input_positions[i].last == (p.last + 1 < prediction.points ? (p.last + 1) * step : shape[0]) - 1);
    CHECK(prediction.confidences[i] > 0 && prediction.confidences[i] <= 1);
    for (t = p.first; t <= p.last; ++t) {
      const double* output = prediction.outputs + t * prediction.size;
      for (k = 0; k < prediction.size; ++k) CHECK(output[k] <= output[prediction.labels[i]]);
    }
  }
  shape[1] = 0;
  CHECK(run(workspace, inputs, shape, &prediction) == RNNLIB_ERROR_DATA);
  shape[1] = 9;
  inputs[5] = NAN;
  CHECK(run(workspace, inputs, shape, &prediction) == RNNLIB_ERROR_NUMERIC);
  CHECK(strstr(rnnlib_last_error(), "nan") != NULL);
  CHECK(run(workspace, inputs, NULL, &prediction) == RNNLIB_ERROR_ARGUMENT);
  rnnlib_workspace_free(workspace);
  free(inputs);
}

/* A 1-D network that runs forwards: the stream's outputs are those of the whole. */
static void test_stream(const char* path) {
  rnnlib_network* network = NULL;
  rnnlib_workspace* workspace = NULL;
  rnnlib_stream* stream = NULL;
  rnnlib_prediction whole;
  rnnlib_stream_output part;
  int64_t points = 23;
  int64_t done = 0;
  int64_t outputs = 0;
  int64_t input_size;
  size_t size;
  float inputs[23 * 16];
  char* text = read_file(path, &size);
  CHECK(text != NULL);
  if (text == NULL) return;
  CHECK(rnnlib_network_parse(text, size, path, RNNLIB_FLOAT, &network) == RNNLIB_OK);
  free(text);
  if (network == NULL) return;
  input_size = rnnlib_network_input_size(network);
  CHECK(input_size <= 16);
  fill(inputs, sizeof(inputs) / sizeof(inputs[0]));
  CHECK(rnnlib_workspace_new(network, &workspace) == RNNLIB_OK);
  CHECK(rnnlib_stream_new(network, &stream) == RNNLIB_OK);
  CHECK(rnnlib_workspace_run(workspace, inputs, points, input_size, &points, 1, &whole) == RNNLIB_OK);
  while (done < points) {
    const int64_t n = done % 3 + 1 < points - done ? done % 3 + 1 : points - done;
    int64_t i;
    CHECK(rnnlib_stream_push(stream, inputs + done * input_size, n, input_size, &part) == RNNLIB_OK);
    CHECK(part.first_point == outputs && part.size == whole.size);
    for (i = 0; i < part.points * part.size; ++i) {
      CHECK(fabs(part.outputs[i] - whole.outputs[outputs * whole.size + i]) < 1e-5);
    }
    outputs += part.points;
    done += n;
  }
  CHECK(rnnlib_stream_finish(stream, &part) == RNNLIB_OK);
  CHECK(outputs + part.points == whole.points);
  inputs[0] = NAN;
  CHECK(rnnlib_stream_push(stream, inputs, 1, input_size, &part) == RNNLIB_ERROR_NUMERIC);
  CHECK(rnnlib_stream_push(stream, inputs, -1, input_size, &part) == RNNLIB_ERROR_DATA);
  CHECK(rnnlib_stream_reset(stream) == RNNLIB_OK);
  rnnlib_network_free(network);
  rnnlib_stream_free(stream);
  rnnlib_workspace_free(workspace);
}

/* Two labels and the blank: the first label at point 1, the second at points 3 and 4. */
static void test_align(void) {
  const double outputs[15] = {0.1, 0.1, 0.8, 0.8, 0.1, 0.1, 0.1, 0.1, 0.8, 0.1, 0.7, 0.2, 0.1, 0.5, 0.4};
  const int64_t labels[3] = {0, 1, 1};
  rnnlib_position positions[2];
  double scores[2];
  double log_probability = 1;
  CHECK(rnnlib_align(outputs, 5, 3, labels, 2, positions, scores, &log_probability) == RNNLIB_OK);
  CHECK(positions[0].first == 1 && positions[0].last == 1 && positions[1].first == 3 && positions[1].last == 4);
  CHECK(fabs(scores[0] - 0.8) < 1e-12 && fabs(scores[1] - 0.6) < 1e-12);
  CHECK(log_probability < 0 && log_probability > -2);
  CHECK(rnnlib_align(outputs, 3, 3, labels, 3, positions, NULL, NULL) == RNNLIB_ERROR_DATA);
  CHECK(strstr(rnnlib_last_error(), "need 4 output points") != NULL);
  CHECK(rnnlib_align(outputs, 5, 3, labels, 6, positions, NULL, NULL) == RNNLIB_ERROR_DATA);
  CHECK(rnnlib_align(outputs, -1, 3, labels, 0, positions, NULL, NULL) == RNNLIB_ERROR_DATA);
  CHECK(rnnlib_align(NULL, 5, 3, labels, 2, positions, NULL, NULL) == RNNLIB_ERROR_ARGUMENT);
  CHECK(rnnlib_align(NULL, 0, 3, NULL, 0, NULL, NULL, &log_probability) == RNNLIB_OK);
  CHECK(log_probability == 0);
}

/* Every function that takes an array refuses other sizes before it reads: arrays are as large as what is said. */
static void test_sizes(const char* path_2d, const char* path_1d) {
  const int64_t wrong_sizes[5] = {-1, 0, 2, 3, 100};
  rnnlib_network* network = NULL;
  rnnlib_workspace* workspace = NULL;
  rnnlib_stream* stream = NULL;
  rnnlib_prediction prediction;
  rnnlib_stream_output part;
  int64_t shape[2] = {7, 4};
  int64_t output_shape[2];
  int64_t size;
  int i;
  float* inputs;
  CHECK(rnnlib_network_load(path_2d, RNNLIB_DOUBLE, &network) == RNNLIB_OK);
  CHECK(rnnlib_workspace_new(network, &workspace) == RNNLIB_OK);
  for (i = 0; i < 5; ++i) {
    const int64_t n = wrong_sizes[i] < 1 ? 1 : wrong_sizes[i];
    inputs = malloc((size_t)(28 * n) * sizeof(float));
    fill(inputs, (size_t)(28 * n));
    CHECK(rnnlib_workspace_run(workspace, inputs, 28, wrong_sizes[i], shape, 2, &prediction) == RNNLIB_ERROR_DATA);
    CHECK(strstr(rnnlib_last_error(), "numbers per point, the network expects 1") != NULL);
    free(inputs);
  }
  inputs = malloc(28 * sizeof(float));
  fill(inputs, 28);
  CHECK(rnnlib_workspace_run(workspace, inputs, 27, 1, shape, 2, &prediction) == RNNLIB_ERROR_DATA);
  CHECK(strstr(rnnlib_last_error(), "27 points, the shape is 7x4") != NULL);
  CHECK(rnnlib_workspace_run(workspace, inputs, 0, 1, shape, 2, &prediction) == RNNLIB_ERROR_DATA);
  CHECK(rnnlib_workspace_run(workspace, inputs, -28, 1, shape, 2, &prediction) == RNNLIB_ERROR_DATA);
  for (i = -1; i < 9; ++i) { /* sizes of which there are no more than two */
    if (i == 2) continue;
    CHECK(rnnlib_workspace_run(workspace, inputs, 28, 1, shape, i, &prediction) == RNNLIB_ERROR_DATA);
    CHECK(strstr(rnnlib_last_error(), "dimensions, the network 2") != NULL);
    CHECK(rnnlib_network_output_shape(network, shape, i, output_shape) == RNNLIB_ERROR_DATA);
  }
  CHECK(rnnlib_workspace_run(workspace, inputs, 28, 1, shape, 2, &prediction) == RNNLIB_OK);
  free(inputs);
  rnnlib_workspace_free(workspace);
  rnnlib_network_free(network);

  network = NULL;
  CHECK(rnnlib_network_load(path_1d, RNNLIB_FLOAT, &network) == RNNLIB_OK);
  CHECK(rnnlib_stream_new(network, &stream) == RNNLIB_OK);
  for (size = -1; size < 20; ++size) {
    const size_t n = size < 1 ? 1 : (size_t)size;
    inputs = malloc(n * sizeof(float));
    fill(inputs, n);
    CHECK(rnnlib_stream_push(stream, inputs, 1, size, &part) ==
          (size == rnnlib_network_input_size(network) ? RNNLIB_OK : RNNLIB_ERROR_DATA));
    free(inputs);
  }
  rnnlib_stream_free(stream);
  rnnlib_network_free(network);
}

int main(int argc, char** argv) {
  char path[4096];
  char path_2d[4096];
  if (argc != 2) return 2;
  CHECK(rnnlib_c_abi_version() == RNNLIB_C_ABI_VERSION);
  CHECK(strchr(rnnlib_version(), '.') != NULL);
  CHECK(strcmp(rnnlib_last_error(), "") == 0);
  snprintf(path, sizeof(path), "%s/there_is_no_such.save", argv[1]);
  test_errors(path);
  snprintf(path, sizeof(path), "%s/mdlstm_2d_transcription/initial.save", argv[1]);
  test_whole(path);
  snprintf(path, sizeof(path), "%s/lstm_1d_forward_only/initial.save", argv[1]);
  test_stream(path);
  snprintf(path_2d, sizeof(path_2d), "%s/mdlstm_2d_transcription/initial.save", argv[1]);
  test_align();
  test_sizes(path_2d, path);
  printf("%d failures\n", failures);
  return failures == 0 ? 0 : 1;
}
