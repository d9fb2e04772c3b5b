/* SPDX-License-Identifier: Apache-2.0
 * Decoders, dictionaries and language models from C99. Argument: the folder of golden cases. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "c_check.h"

/* Over the labels l0, l1, ... of the golden networks. */
static const char* const kWords = "one l0 l1\ntwo l1 l0\nthree l2\nnone x l1\n";
static const char* const kModel =
    "\\data\\\nngram 1=5\n\n\\1-grams:\n-1\t</s>\n-9\t<s>\n-0.4\tone\n-0.6\ttwo\n-0.9\tthree\n\n\\end\\\n";

enum { kPoints = 40 };

typedef struct {
  rnnlib_network* network;
  rnnlib_workspace* workspace;
  float* inputs;
  int64_t input_size;
} runner;

static rnnlib_prediction run(const runner* r) {
  rnnlib_prediction prediction;
  const int64_t points = kPoints;
  memset(&prediction, 0, sizeof(prediction));
  CHECK(rnnlib_workspace_run(r->workspace, r->inputs, points, r->input_size, &points, 1, &prediction) == RNNLIB_OK);
  return prediction;
}

static rnnlib_lexicon* parse_words(const rnnlib_network* network) {
  rnnlib_lexicon* lexicon = NULL;
  CHECK(rnnlib_lexicon_parse(network, kWords, strlen(kWords), "words", NULL, &lexicon) == RNNLIB_OK);
  CHECK(rnnlib_lexicon_num_words(lexicon) == 3 && rnnlib_lexicon_num_left_out(lexicon) == 1);
  return lexicon;
}

static void check_best_path(const runner* r) {
  rnnlib_decoder* decoder = NULL;
  rnnlib_prediction prediction = run(r);
  const int64_t count = prediction.num_labels;
  double confidence;
  int64_t i;
  CHECK(count > 0 && prediction.num_readings == 0);
  for (i = 0; i < count; ++i) {
    CHECK(prediction.confidences[i] > 0 && prediction.confidences[i] <= 1);
    CHECK(prediction.input_positions[i].first == prediction.positions[i].first);
    CHECK(prediction.input_positions[i].last == prediction.positions[i].last);
  }
  confidence = prediction.confidences[0];
  CHECK(rnnlib_decoder_new_best_path(0, &decoder) == RNNLIB_ERROR_CONFIG && decoder == NULL);
  CHECK(rnnlib_decoder_new_best_path(3, &decoder) == RNNLIB_OK);
  CHECK(rnnlib_workspace_set_decoder(r->workspace, decoder) == RNNLIB_OK);
  rnnlib_decoder_free(decoder); /* the workspace keeps it */
  prediction = run(r);
  CHECK(prediction.num_labels == count && prediction.confidences[0] < confidence);
  CHECK(rnnlib_workspace_set_decoder(r->workspace, NULL) == RNNLIB_OK);
  CHECK(run(r).confidences[0] == confidence);
}

static void check_beam(const runner* r) {
  rnnlib_beam_options options;
  rnnlib_decoder* decoder = NULL;
  rnnlib_prediction prediction;
  int64_t i;
  rnnlib_beam_options_init(&options);
  options.n_best = options.width + 1;
  CHECK(rnnlib_decoder_new_beam(r->network, &options, NULL, NULL, NULL, &decoder) == RNNLIB_ERROR_CONFIG);
  options.n_best = 4;
  CHECK(rnnlib_decoder_new_beam(r->network, &options, NULL, NULL, NULL, &decoder) == RNNLIB_OK);
  CHECK(rnnlib_workspace_set_decoder(r->workspace, decoder) == RNNLIB_OK);
  rnnlib_decoder_free(decoder);
  prediction = run(r);
  CHECK(prediction.num_readings == 4);
  CHECK(prediction.num_labels == prediction.readings[0].num_labels);
  for (i = 0; i < prediction.num_readings; ++i) {
    const rnnlib_reading* reading = &prediction.readings[i];
    CHECK(reading->num_words == 0 && reading->log_probability < 0);
    CHECK(i == 0 || reading->score <= prediction.readings[i - 1].score);
    CHECK(reading->num_labels == 0 || reading->positions[reading->num_labels - 1].last < prediction.points);
  }
}

static void check_words(const runner* r) {
  rnnlib_lexicon* lexicon = parse_words(r->network);
  rnnlib_language_model* model = NULL;
  rnnlib_language_options language;
  rnnlib_decoder* decoder = NULL;
  rnnlib_prediction prediction;
  int64_t i;
  CHECK(rnnlib_language_model_parse(kModel, strlen(kModel), NULL, &model) == RNNLIB_OK);
  rnnlib_language_options_init(&language);
  language.weight = NAN;
  CHECK(rnnlib_decoder_new_beam(r->network, NULL, lexicon, model, &language, &decoder) == RNNLIB_ERROR_CONFIG);
  rnnlib_language_options_init(&language);
  language.num_words = 3;
  CHECK(rnnlib_decoder_new_beam(r->network, NULL, lexicon, model, &language, &decoder) == RNNLIB_OK);
  rnnlib_language_model_free(model); /* the decoder keeps it */
  CHECK(rnnlib_workspace_set_decoder(r->workspace, decoder) == RNNLIB_OK);
  rnnlib_decoder_free(decoder);
  prediction = run(r);
  CHECK(prediction.num_readings == 1 && prediction.readings[0].num_words == 3);
  for (i = 0; i < prediction.readings[0].num_words; ++i) {
    CHECK(rnnlib_lexicon_word(lexicon, prediction.readings[0].words[i]) != NULL);
  }
  CHECK(rnnlib_lexicon_word(lexicon, 3) == NULL && rnnlib_lexicon_word(lexicon, -1) == NULL);
  rnnlib_lexicon_free(lexicon);
}

static void test_errors(const runner* r) {
  const char* damaged = "\\data\\\nngram 1=x\n";
  rnnlib_language_model* model = NULL;
  rnnlib_lexicon* lexicon = NULL;
  rnnlib_decoder* decoder = NULL;
  CHECK(rnnlib_language_model_load("there/is/no/such.arpa", &model) == RNNLIB_ERROR_IO);
  CHECK(rnnlib_language_model_parse(damaged, strlen(damaged), "m.arpa", &model) == RNNLIB_ERROR_FORMAT);
  CHECK(strstr(rnnlib_last_error(), "m.arpa") != NULL && strstr(rnnlib_last_error(), "2") != NULL && model == NULL);
  CHECK(rnnlib_lexicon_load(r->network, "there/is/no/such.txt", "", &lexicon) == RNNLIB_ERROR_IO);
  CHECK(rnnlib_lexicon_parse(r->network, "word x y\n", 9, "w.txt", NULL, &lexicon) == RNNLIB_ERROR_DATA);
  CHECK(strstr(rnnlib_last_error(), "w.txt") != NULL && lexicon == NULL);
  CHECK(rnnlib_lexicon_load(NULL, "w.txt", NULL, &lexicon) == RNNLIB_ERROR_ARGUMENT);
  CHECK(rnnlib_decoder_new_beam(NULL, NULL, NULL, NULL, NULL, &decoder) == RNNLIB_ERROR_ARGUMENT);
  CHECK(rnnlib_decoder_new_best_path(1, NULL) == RNNLIB_ERROR_ARGUMENT);
  CHECK(rnnlib_workspace_set_decoder(NULL, NULL) == RNNLIB_ERROR_ARGUMENT);
  CHECK(rnnlib_stream_set_decoder(NULL, NULL) == RNNLIB_ERROR_ARGUMENT);
  CHECK(rnnlib_lexicon_num_words(NULL) == 0 && rnnlib_lexicon_word(NULL, 0) == NULL);
  rnnlib_lexicon_free(NULL);
  rnnlib_language_model_free(NULL);
  rnnlib_decoder_free(NULL);
}

/* Only transcription takes a decoder. */
static void test_other_task(const char* path) {
  rnnlib_network* network = NULL;
  rnnlib_workspace* workspace = NULL;
  rnnlib_stream* stream = NULL;
  rnnlib_decoder* decoder = NULL;
  CHECK(rnnlib_network_load(path, RNNLIB_FLOAT, &network) == RNNLIB_OK);
  CHECK(rnnlib_workspace_new(network, &workspace) == RNNLIB_OK && rnnlib_stream_new(network, &stream) == RNNLIB_OK);
  CHECK(rnnlib_decoder_new_best_path(1, &decoder) == RNNLIB_OK);
  CHECK(rnnlib_workspace_set_decoder(workspace, decoder) == RNNLIB_ERROR_CONFIG);
  CHECK(rnnlib_stream_set_decoder(stream, decoder) == RNNLIB_ERROR_CONFIG);
  CHECK(strstr(rnnlib_last_error(), "classification takes no decoder") != NULL);
  rnnlib_decoder_free(decoder);
  rnnlib_stream_free(stream);
  rnnlib_workspace_free(workspace);
  rnnlib_network_free(network);
}

int main(int argc, char** argv) {
  char path[4096];
  runner r = {NULL, NULL, NULL, 0};
  if (argc != 2) return 2;
  snprintf(path, sizeof(path), "%s/lstm_1d_transcription/initial.save", argv[1]);
  CHECK(rnnlib_network_load(path, RNNLIB_DOUBLE, &r.network) == RNNLIB_OK);
  CHECK(rnnlib_workspace_new(r.network, &r.workspace) == RNNLIB_OK);
  r.input_size = rnnlib_network_input_size(r.network);
  r.inputs = malloc((size_t)(kPoints * r.input_size) * sizeof(float));
  fill(r.inputs, (size_t)(kPoints * r.input_size));
  check_best_path(&r);
  check_beam(&r);
  check_words(&r);
  test_errors(&r);
  free(r.inputs);
  rnnlib_workspace_free(r.workspace);
  rnnlib_network_free(r.network);
  snprintf(path, sizeof(path), "%s/lstm_1d_forward_only/initial.save", argv[1]);
  test_other_task(path);
  printf("%d failures\n", failures);
  return failures == 0 ? 0 : 1;
}
