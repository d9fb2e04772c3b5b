// SPDX-License-Identifier: Apache-2.0
// Which names a shared library shows. RNNLIB_SHARED is defined, for the library and for its users, where it is one: the
// CMake target and the pkg-config file see to it.
#pragma once

#if !defined(RNNLIB_SHARED)
#define RNNLIB_API
#elif defined(_WIN32) && defined(RNNLIB_BUILDING)
#define RNNLIB_API __declspec(dllexport)
#elif defined(_WIN32)
#define RNNLIB_API __declspec(dllimport)
#else
#define RNNLIB_API __attribute__((visibility("default")))
#endif
