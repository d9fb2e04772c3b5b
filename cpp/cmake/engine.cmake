# SPDX-License-Identifier: Apache-2.0
# The engine as a library (STATIC or SHARED), for one instruction set or (isa "") for what the compiler compiles for by itself.
# Whoever links it within this project is compiled alike: code of headers is then the same on both sides.
function(rnnlib_add_engine target isa type)
  add_library(${target} ${type} ${RNNLIB_SOURCES})
  target_compile_features(${target} PUBLIC cxx_std_17)
  target_compile_definitions(${target} PRIVATE RNNLIB_VERSION="${PROJECT_VERSION}" RNNLIB_EIGEN="${Eigen3_VERSION}")
  target_include_directories(
    ${target}
    PUBLIC $<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}/include>
    PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/src)
  target_link_libraries(${target} PRIVATE $<BUILD_INTERFACE:Eigen3::Eigen>)
  set_target_properties(${target} PROPERTIES CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
  if(NOT EMSCRIPTEN)  # there it makes every access to a constant slower, and nothing needs it
    set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  endif()
  if(type STREQUAL "SHARED")  # only what is marked RNNLIB_API is seen from outside
    target_compile_definitions(${target} PUBLIC RNNLIB_SHARED PRIVATE RNNLIB_BUILDING)
    # Before 1.0 a change of the minor version may change the C++ interface.
    set_target_properties(${target} PROPERTIES VERSION ${PROJECT_VERSION}
                                               SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
    if(CMAKE_EXECUTABLE_FORMAT STREQUAL "ELF")  # it stays loaded: its threads sleep in its code until the process ends
      target_link_options(${target} PRIVATE -Wl,-z,nodelete)
    endif()
  endif()
  if(RNNLIB_WEB)  # whose size counts: networks with numbers of 64 bits would nearly double it
    target_compile_definitions(${target} PRIVATE RNNLIB_FLOAT_ONLY)
  endif()
  rnnlib_warnings(${target})
  rnnlib_float_options(${target})
  if(isa)
    rnnlib_isa_flags(${isa} flags)
    target_compile_options(${target} PUBLIC "$<BUILD_INTERFACE:${flags}>")
  endif()
  if(RNNLIB_THREADS)
    target_compile_definitions(${target} PRIVATE RNNLIB_HAS_THREADS)
    target_link_libraries(${target} PRIVATE Threads::Threads)
  endif()
  if(ZLIB_FOUND)
    target_compile_definitions(${target} PRIVATE RNNLIB_HAS_ZLIB)
    target_link_libraries(${target} PRIVATE ZLIB::ZLIB)
  endif()
endfunction()
