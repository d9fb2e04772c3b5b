/* SPDX-License-Identifier: Apache-2.0
 *
 * The C interface: loading a network and running it, from C99 or any language that can call C. (rnnlib/rnnlib.h is the
 * C++ interface.)
 *
 * Every function that can fail returns a rnnlib_status and writes its result through its last parameter, which is left
 * alone when it fails; rnnlib_last_error() then says what was wrong. No exception leaves this interface, and none of it
 * prints or ends the program. A null handle or a null pointer to a result is RNNLIB_ERROR_ARGUMENT, freeing null does
 * nothing.
 *
 * Threads: a network may be used by many threads at once; a workspace or a stream by one at a time. Handles may be
 * freed in any order: workspaces and streams keep what they need of their network.
 */
#ifndef RNNLIB_C_API_H
#define RNNLIB_C_API_H

#include <stddef.h>
#include <stdint.h>

#include "rnnlib/export.h"

/* NOLINTBEGIN(readability-identifier-naming): C's own style */

#ifdef __cplusplus
extern "C" {
#endif

/* Grows when a function or type below changes or goes; new functions leave it alone.
 *
 * 2: rnnlib_workspace_run, rnnlib_stream_push and rnnlib_network_output_shape take the sizes of the arrays they are
 * given and check them. 3: rnnlib_prediction has input positions, confidences and readings. */
#define RNNLIB_C_ABI_VERSION 3

/* RNNLIB_C_ABI_VERSION of the library that is loaded; compare it with that of the header. */
RNNLIB_API int rnnlib_c_abi_version(void);

/* The library's version, "0.1.0". Static text. */
RNNLIB_API const char* rnnlib_version(void);

/* What came of a call. */
typedef enum rnnlib_status {
  RNNLIB_OK = 0,
  RNNLIB_ERROR_ARGUMENT = 1, /* a null pointer, an index or a number out of range */
  RNNLIB_ERROR_CONFIG = 2,   /* a setting is wrong, or makes no network */
  RNNLIB_ERROR_DATA = 3,     /* data do not fit the network */
  RNNLIB_ERROR_FORMAT = 4,   /* a file is no save or safetensors file, or a damaged one */
  RNNLIB_ERROR_IO = 5,       /* the operating system refused */
  RNNLIB_ERROR_MEMORY = 6,   /* there is not enough */
  RNNLIB_ERROR_NUMERIC = 7,  /* NaN or infinite numbers */
  RNNLIB_ERROR_INTERNAL = 8  /* anything else: a fault of the library */
} rnnlib_status;

/* What the last function that failed on this thread found wrong; "" before any has. Stays until the next failure. */
RNNLIB_API const char* rnnlib_last_error(void);

/* Of a network's numbers: one of the two below. (A number and no enum: other values are an error, not undefined.) */
typedef int32_t rnnlib_precision;
#define RNNLIB_FLOAT ((rnnlib_precision)0)  /* 32 bits: faster */
#define RNNLIB_DOUBLE ((rnnlib_precision)1) /* 64 bits */

/* Networks ------------------------------------------------------------------------------------------------------- */

/* A network: its description and its weights. */
typedef struct rnnlib_network rnnlib_network;

/* The network of a save or of a safetensors file; `path` in UTF-8. */
RNNLIB_API rnnlib_status rnnlib_network_load(const char* path, rnnlib_precision precision, rnnlib_network** network);

/* The same from memory: what such a file holds, `size` bytes, named `source` in errors (may be null). */
RNNLIB_API rnnlib_status rnnlib_network_parse(const char* data, size_t size, const char* source,
                                              rnnlib_precision precision, rnnlib_network** network);

/* Gives the handle back. */
RNNLIB_API void rnnlib_network_free(rnnlib_network* network);

/* The task, as configs spell it: "transcription", ... Lives as long as the network. "" for null. */
RNNLIB_API const char* rnnlib_network_task(const rnnlib_network* network);

/* Dimensions of sequences; this and the sizes below are 0 for null. */
RNNLIB_API int rnnlib_network_num_dims(const rnnlib_network* network);
/* Numbers per input point. */
RNNLIB_API int64_t rnnlib_network_input_size(const rnnlib_network* network);
/* Numbers per output point. */
RNNLIB_API int64_t rnnlib_network_output_size(const rnnlib_network* network);
/* Labels, without transcription's blank. */
RNNLIB_API int64_t rnnlib_network_num_labels(const rnnlib_network* network);
/* Weights of all connections. */
RNNLIB_API int64_t rnnlib_network_num_weights(const rnnlib_network* network);

/* The name of label `index`, UTF-8 as the save has it; null for an index out of range. Lives as long as the network. */
RNNLIB_API const char* rnnlib_network_label(const rnnlib_network* network, int64_t index);

/* Dimensions of the output: 0 where one output stands for the whole sequence. */
RNNLIB_API int rnnlib_network_num_output_dims(const rnnlib_network* network);

/* The output's shape [num_output_dims] for inputs of `shape` [num_dims], the slowest-varying dimension first. */
RNNLIB_API rnnlib_status rnnlib_network_output_shape(const rnnlib_network* network, const int64_t* shape, int num_dims,
                                                     int64_t* output_shape);

/* Input points of an output point along each output dimension, `step` [num_output_dims]: output point i comes from
 * input points i * step to (i + 1) * step - 1, fewer at the end. */
RNNLIB_API rnnlib_status rnnlib_network_output_step(const rnnlib_network* network, int64_t* step);

/* What the network's data were normalised with lies in its save. */

/* 1 when the save has a normalisation of the inputs, else 0. */
RNNLIB_API int rnnlib_network_has_normalisation(const rnnlib_network* network);

/* `inputs` [points, input_size] as they were measured become what the network expects, in place: (x - mean) / standard
 * deviation of each column. Does nothing without a normalisation. */
RNNLIB_API rnnlib_status rnnlib_network_normalise(const rnnlib_network* network, float* inputs, int64_t points,
                                                  int64_t input_size);

/* `outputs` [points, output_size] of regression become what the targets were before they were normalised, in place.
 * Does nothing where they were not. */
RNNLIB_API rnnlib_status rnnlib_network_denormalise(const rnnlib_network* network, double* outputs, int64_t points,
                                                    int64_t output_size);

/* Whole sequences ------------------------------------------------------------------------------------------------ */

/* What changes while a network runs; for one thread at a time. */
typedef struct rnnlib_workspace rnnlib_workspace;

/* A workspace for a network. */
RNNLIB_API rnnlib_status rnnlib_workspace_new(const rnnlib_network* network, rnnlib_workspace** workspace);

/* Gives the handle back. */
RNNLIB_API void rnnlib_workspace_free(rnnlib_workspace* workspace);

/* raw 1: from now on inputs are as they were measured, and normalised before they are used; the caller's array stays as
 * it is. 0: they are taken as they are, as in the beginning. */
RNNLIB_API rnnlib_status rnnlib_workspace_set_raw(rnnlib_workspace* workspace, int raw);

/* Where a label was read: points, first and last. */
typedef struct rnnlib_position {
  int64_t first; /* point */
  int64_t last;  /* point, included */
} rnnlib_position;

/* One of the labellings that a decoder found. */
typedef struct rnnlib_reading {
  int64_t num_labels;               /* below */
  const int64_t* labels;            /* [num_labels] */
  const rnnlib_position* positions; /* [num_labels] output points */
  const double* confidences;        /* [num_labels] in [0, 1] */
  int64_t num_words;                /* below; 0 without a dictionary */
  const int64_t* words;             /* [num_words] for rnnlib_lexicon_word */
  double log_probability;           /* of the labelling given the outputs, natural logarithm */
  double score;                     /* by which readings are ranked: with what dictionary and language model add */
} rnnlib_reading;

/* What a network says of one sequence. The arrays lie in the workspace until its next run. */
typedef struct rnnlib_prediction {
  int64_t points;        /* output points */
  int64_t size;          /* numbers per point: output_size */
  const double* outputs; /* [points, size] probabilities (two classes: of the second), or regression values */
  int64_t num_labels;    /* below */
  const int64_t* labels; /* [num_labels] transcription: what was read; classification: one per point; else none */
  /* Transcription, [num_labels], else null: where each label was read, in output points and in points of the input
   * along its first dimension. */
  const rnnlib_position* positions;
  const rnnlib_position* input_positions;
  const double* confidences;      /* [num_labels] how sure each label is, in [0, 1] */
  int64_t num_readings;           /* of a decoder that searches; else 0 */
  const rnnlib_reading* readings; /* [num_readings] the n best, the best first, which is the one above */
} rnnlib_prediction;

/* Runs a sequence: `inputs` [points, input_size], whose points lie in `shape` [num_dims], the slowest-varying dimension
 * (x of an image) first; the last dimension is the fastest in `inputs`. RNNLIB_ERROR_DATA, before any number is read,
 * unless the shape has so many points and input_size and num_dims are the network's. */
RNNLIB_API rnnlib_status rnnlib_workspace_run(rnnlib_workspace* workspace, const float* inputs, int64_t points,
                                              int64_t input_size, const int64_t* shape, int num_dims,
                                              rnnlib_prediction* prediction);

/* Where labels that are known lie: the most probable path through `outputs` [points, size], as a prediction has them,
 * that reads labels [num_labels]; the blank is the last unit. It fills positions [num_labels], output points, and,
 * where they are not null, scores [num_labels], the mean probability of each label at its points, and the natural
 * logarithm of the labels' probability. RNNLIB_ERROR_DATA where there are fewer points than the labels need. */
RNNLIB_API rnnlib_status rnnlib_align(const double* outputs, int64_t points, int64_t size, const int64_t* labels,
                                      int64_t num_labels, rnnlib_position* positions, double* scores,
                                      double* log_probability);

/* Sequences that are still coming in ----------------------------------------------------------------------------- */

/* A sequence on its way through a network; for one thread at a time. */
typedef struct rnnlib_stream rnnlib_stream;

/* Only networks for 1-D data that run forwards (bidirectional false) and have an output per point can stream; others
 * give RNNLIB_ERROR_CONFIG. */
RNNLIB_API rnnlib_status rnnlib_stream_new(const rnnlib_network* network, rnnlib_stream** stream);

/* Gives the handle back. */
RNNLIB_API void rnnlib_stream_free(rnnlib_stream* stream);

/* As rnnlib_workspace_set_raw. */
RNNLIB_API rnnlib_status rnnlib_stream_set_raw(rnnlib_stream* stream, int raw);

/* The output points that some inputs completed. The arrays lie in the stream until its next call. */
typedef struct rnnlib_stream_output {
  int64_t first_point;         /* counted from the beginning of the sequence */
  int64_t points;              /* completed */
  int64_t size;                /* numbers per point: output_size */
  const double* outputs;       /* [points, size] */
  int64_t num_labels;          /* below */
  const int64_t* labels;       /* [num_labels] classification: one per point; transcription: those that are now known */
  const int64_t* label_points; /* [num_labels] transcription: where each begins; else null */
} rnnlib_stream_output;

/* The next points, `inputs` [points, input_size]. RNNLIB_ERROR_DATA, before any number is read, unless input_size is
 * the network's. */
RNNLIB_API rnnlib_status rnnlib_stream_push(rnnlib_stream* stream, const float* inputs, int64_t points,
                                            int64_t input_size, rnnlib_stream_output* output);

/* The end of the sequence: what blocks that are not full still give. The stream is then ready for another one. */
RNNLIB_API rnnlib_status rnnlib_stream_finish(rnnlib_stream* stream, rnnlib_stream_output* output);

/* Forgets the sequence begun. */
RNNLIB_API rnnlib_status rnnlib_stream_reset(rnnlib_stream* stream);

/* Decoders ------------------------------------------------------------------------------------------------------- */

/* Decoders, dictionaries and language models do not change: many workspaces and streams, in many threads, may share
 * one. They may be freed in any order: what is made of them keeps what it needs. */

/* An n-gram model, over the labels of a network or over words. */
typedef struct rnnlib_language_model rnnlib_language_model;

/* From an ARPA file, plain or packed by gzip; `path` in UTF-8. */
RNNLIB_API rnnlib_status rnnlib_language_model_load(const char* path, rnnlib_language_model** model);
/* From memory, `size` bytes, named `source` in errors (may be null). */
RNNLIB_API rnnlib_status rnnlib_language_model_parse(const char* data, size_t size, const char* source,
                                                     rnnlib_language_model** model);
/* Gives the handle back. */
RNNLIB_API void rnnlib_language_model_free(rnnlib_language_model* model);

/* A dictionary over the labels of a network. */
typedef struct rnnlib_lexicon rnnlib_lexicon;

/* From a file of one spelling per line: the word, then its labels, separated by blanks; a word alone is written with
 * its characters. `separator` is the label between two words, null or "" where words follow each other directly.
 * Spellings with other labels than the network's are left out; RNNLIB_ERROR_DATA when nothing is left. */
RNNLIB_API rnnlib_status rnnlib_lexicon_load(const rnnlib_network* network, const char* path, const char* separator,
                                             rnnlib_lexicon** lexicon);
/* From memory, `size` bytes, named `source` in errors (may be null). */
RNNLIB_API rnnlib_status rnnlib_lexicon_parse(const rnnlib_network* network, const char* data, size_t size,
                                              const char* source, const char* separator, rnnlib_lexicon** lexicon);
/* Gives the handle back. */
RNNLIB_API void rnnlib_lexicon_free(rnnlib_lexicon* lexicon);
/* Different words; 0 for null. */
RNNLIB_API int64_t rnnlib_lexicon_num_words(const rnnlib_lexicon* lexicon);
/* Spellings of the file that were left out; 0 for null. */
RNNLIB_API int64_t rnnlib_lexicon_num_left_out(const rnnlib_lexicon* lexicon);
/* Word `number`, UTF-8; null for a number out of range. Lives as long as the dictionary. */
RNNLIB_API const char* rnnlib_lexicon_word(const rnnlib_lexicon* lexicon, int64_t number);

/* How dictionary and language model are used. */
typedef struct rnnlib_language_options {
  double weight;        /* of the model's log probabilities; not negative */
  double word_bonus;    /* added for each word, or for each label of a model over labels */
  int sentence_ends;    /* 1: a labelling is a whole sentence, from <s> to </s> */
  double unknown_score; /* log probability of a word that the model does not have, where it has no <unk> either */
  int open;             /* 1: other labels may stand between the dictionary's words; 0: the words only */
  double free_score;    /* open: added for each label that is of no word, the separator aside */
  int64_t num_words;    /* of the dictionary, in each labelling; -1: any number */
} rnnlib_language_options;

/* Fills in the usual ones. */
RNNLIB_API void rnnlib_language_options_init(rnnlib_language_options* options);

/* How the beam search works (rnnlib/beam.h). */
typedef struct rnnlib_beam_options {
  int64_t width;          /* labellings that are kept after each point */
  int64_t n_best;         /* readings of a prediction, at most the width */
  double min_probability; /* labels less probable than this at a point are not tried there */
  double beam_threshold;  /* labellings whose log score is this much below the best are dropped */
  double blank_threshold; /* points where the blank is at least so probable count as nothing but blank */
  double temperature;     /* net inputs of the softmax are divided by it */
  int64_t max_delay;      /* points after which a label is given out at the latest */
} rnnlib_beam_options;

/* Fills in the usual ones. */
RNNLIB_API void rnnlib_beam_options_init(rnnlib_beam_options* options);

/* What turns the outputs of transcription into labels. */
typedef struct rnnlib_decoder rnnlib_decoder;

/* Best path decoding; confidences are those at the temperature. */
RNNLIB_API rnnlib_status rnnlib_decoder_new_best_path(double temperature, rnnlib_decoder** decoder);

/* Beam search for the labels of a network. `lexicon` and `model` may be null; with a dictionary the model is one over
 * words, without one over labels. Options that are null are the usual ones. */
RNNLIB_API rnnlib_status rnnlib_decoder_new_beam(const rnnlib_network* network, const rnnlib_beam_options* options,
                                                 const rnnlib_lexicon* lexicon, const rnnlib_language_model* model,
                                                 const rnnlib_language_options* language, rnnlib_decoder** decoder);

/* Gives the handle back. */
RNNLIB_API void rnnlib_decoder_free(rnnlib_decoder* decoder);

/* From now on the workspace, or stream, reads labels with the decoder; null: with best path decoding, as in the
 * beginning. RNNLIB_ERROR_CONFIG unless the task is transcription. A stream forgets the sequence begun; it gives a
 * label as soon as no later point can change it. */
RNNLIB_API rnnlib_status rnnlib_workspace_set_decoder(rnnlib_workspace* workspace, const rnnlib_decoder* decoder);
RNNLIB_API rnnlib_status rnnlib_stream_set_decoder(rnnlib_stream* stream, const rnnlib_decoder* decoder);

/* Recipes -------------------------------------------------------------------------------------------------------- */

/* How a network's inputs are made of files. A recipe does not change: many threads may share one. Here recipes of text
 * lines (kind "lines") can be used: the functions below that take an image or labels give RNNLIB_ERROR_CONFIG for
 * another kind. */
typedef struct rnnlib_recipe rnnlib_recipe;

/* The recipe that a network's save or safetensors file holds. RNNLIB_ERROR_CONFIG where there is none. */
RNNLIB_API rnnlib_status rnnlib_recipe_of_network(const rnnlib_network* network, rnnlib_recipe** recipe);
/* From its JSON text, `size` bytes, named `source` in errors (may be null). RNNLIB_ERROR_FORMAT for text that is none,
 * and for a kind, version or setting that is not known. */
RNNLIB_API rnnlib_status rnnlib_recipe_parse(const char* json, size_t size, const char* source, rnnlib_recipe** recipe);
/* Gives the handle back. */
RNNLIB_API void rnnlib_recipe_free(rnnlib_recipe* recipe);
/* What the data were made of: "lines", "audio", "ink", "table". Lives as long as the recipe. "" for null. */
RNNLIB_API const char* rnnlib_recipe_kind(const rnnlib_recipe* recipe);
/* 1 where labels of text lines stand in visual order, as the letters do in the image, else 0. */
RNNLIB_API int rnnlib_recipe_right_to_left(const rnnlib_recipe* recipe);

/* An image with 8 bits per channel: row after row from the top, the channels of a pixel together. */
typedef struct rnnlib_image {
  const uint8_t* pixels; /* [size] */
  int64_t size;          /* bytes there are */
  int64_t width;         /* in pixels */
  int64_t height;        /* in pixels */
  int64_t channels;      /* 1: grey (0 is black), 2: grey and alpha, 3: red, green, blue, 4: the same and alpha */
  int64_t row_stride;    /* bytes from the beginning of a row to that of the next; 0: width * channels */
} rnnlib_image;

/* The shape [2] of the input for an image of a text line: rnnlib_recipe_line_input writes shape[0] * shape[1] numbers.
 * RNNLIB_ERROR_DATA for an image that is too small for a letter, too large, or far too wide. */
RNNLIB_API rnnlib_status rnnlib_recipe_line_shape(const rnnlib_recipe* recipe, int64_t width, int64_t height,
                                                  int64_t* shape);
/* The input for a network, one number per point, for rnnlib_workspace_run with that shape; what is transparent becomes
 * white. `capacity` is the room in `inputs`, in numbers: RNNLIB_ERROR_ARGUMENT where it is too little.
 * RNNLIB_ERROR_DATA as above, and for sizes that do not fit each other, before a pixel is read. Data may have been
 * normalised after they were made: set the workspace raw, which does nothing where they were not. */
RNNLIB_API rnnlib_status rnnlib_recipe_line_input(const rnnlib_recipe* recipe, const rnnlib_image* image, float* inputs,
                                                  int64_t capacity);
/* The text, UTF-8 with a zero at its end, of labels [num_labels] that the network read: the label for white space
 * becomes a blank. `length` gets its bytes without the zero. `text` may be null to ask for these; `capacity`, in bytes,
 * must be more: else RNNLIB_ERROR_ARGUMENT. */
RNNLIB_API rnnlib_status rnnlib_recipe_text(const rnnlib_recipe* recipe, const rnnlib_network* network,
                                            const int64_t* labels, int64_t num_labels, char* text, size_t capacity,
                                            size_t* length);

#ifdef __cplusplus
}
#endif

/* NOLINTEND(readability-identifier-naming) */

#endif
