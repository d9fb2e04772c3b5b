# SPDX-License-Identifier: Apache-2.0
# The engine as a static library, for one instruction set or (isa "") for what the compiler compiles for by itself.
# Whoever links it within this project is compiled alike: code of headers is then the same on both sides.
function(rnnlib_add_engine target isa)
  add_library(${target} STATIC ${RNNLIB_SOURCES})
  target_compile_features(${target} PUBLIC cxx_std_17)
  target_compile_definitions(${target} PRIVATE RNNLIB_VERSION="${PROJECT_VERSION}" RNNLIB_EIGEN="${Eigen3_VERSION}")
  target_include_directories(
    ${target}
    PUBLIC $<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}/include>
    PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/src)
  target_link_libraries(${target} PRIVATE $<BUILD_INTERFACE:Eigen3::Eigen>)
  set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON CXX_VISIBILITY_PRESET hidden
                                             VISIBILITY_INLINES_HIDDEN ON)
  rnnlib_warnings(${target})
  rnnlib_float_options(${target})
  if(isa)
    rnnlib_isa_flags(${isa} flags)
    target_compile_options(${target} PUBLIC "$<BUILD_INTERFACE:${flags}>")
  endif()
  if(OpenMP_CXX_FOUND)
    target_link_libraries(${target} PRIVATE OpenMP::OpenMP_CXX)
  endif()
endfunction()
