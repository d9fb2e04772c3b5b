/* SPDX-License-Identifier: Apache-2.0
 * A program that uses the C interface from outside. Argument: the save that consumer.cpp wrote. */
#include <rnnlib/c_api.h>
#include <stdio.h>

int main(int argc, char** argv) {
  const float inputs[6] = {1, 1, 1, 1, 1, 1};
  const int64_t shape = 6;
  rnnlib_network* network = NULL;
  rnnlib_workspace* workspace = NULL;
  rnnlib_prediction prediction;
  if (argc != 2 || rnnlib_c_abi_version() != RNNLIB_C_ABI_VERSION) return 2;
  if (rnnlib_network_load(argv[1], RNNLIB_FLOAT, &network) != RNNLIB_OK ||
      rnnlib_workspace_new(network, &workspace) != RNNLIB_OK ||
      rnnlib_workspace_run(workspace, inputs, 6, 1, &shape, 1, &prediction) != RNNLIB_OK) {
    fprintf(stderr, "consumer: %s\n", rnnlib_last_error());
    return 1;
  }
  printf("C consumer: %s\n", rnnlib_network_label(network, prediction.labels[0]));
  rnnlib_workspace_free(workspace);
  rnnlib_network_free(network);
  return 0;
}
