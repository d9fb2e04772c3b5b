# SPDX-License-Identifier: Apache-2.0
# `cmake --install`: headers, library, the package that find_package(rnnlib) reads, a pkg-config file, and the licence.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(_rnnlib_package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/rnnlib)

install(TARGETS rnnlib EXPORT rnnlibTargets
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
        RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR}
        INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}/include/rnnlib DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
# The licence asks that both files go along with every copy. They lie beside cpp/, which may have been copied alone.
foreach(file LICENSE NOTICE)
  if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/../${file})
    install(FILES ${CMAKE_CURRENT_SOURCE_DIR}/../${file} DESTINATION ${CMAKE_INSTALL_DATAROOTDIR}/doc/rnnlib)
  else()
    message(WARNING "${CMAKE_CURRENT_SOURCE_DIR}/../${file} is missing, so it will not be installed")
  endif()
endforeach()
install(EXPORT rnnlibTargets NAMESPACE rnnlib:: DESTINATION ${_rnnlib_package_dir})

# Users of a static library link what it was built with.
set(RNNLIB_NEEDS_THREADS OFF)
if(RNNLIB_THREADS AND NOT BUILD_SHARED_LIBS)
  set(RNNLIB_NEEDS_THREADS ON)
endif()
set(RNNLIB_NEEDS_ZLIB OFF)
if(ZLIB_FOUND AND NOT BUILD_SHARED_LIBS)
  set(RNNLIB_NEEDS_ZLIB ON)
endif()
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/rnnlibConfig.cmake.in
                              ${CMAKE_CURRENT_BINARY_DIR}/rnnlibConfig.cmake INSTALL_DESTINATION ${_rnnlib_package_dir})
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/rnnlibConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/rnnlibConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/rnnlibConfigVersion.cmake
        DESTINATION ${_rnnlib_package_dir})

# pkg-config: a static library alone is linked with all it needs, whether --static is said or not.
file(RELATIVE_PATH RNNLIB_PC_PREFIX /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
set(RNNLIB_PC_LIBS "")
set(RNNLIB_PC_CFLAGS " -DRNNLIB_SHARED")
if(NOT BUILD_SHARED_LIBS)
  set(RNNLIB_PC_CFLAGS "")
  if(RNNLIB_THREADS AND NOT MSVC)
    string(APPEND RNNLIB_PC_LIBS " -pthread")
  endif()
  if(ZLIB_FOUND)
    string(APPEND RNNLIB_PC_LIBS " -lz")
  endif()
  foreach(library IN LISTS CMAKE_CXX_IMPLICIT_LINK_LIBRARIES)
    if(library MATCHES "^(stdc\\+\\+|c\\+\\+|m)$")
      string(APPEND RNNLIB_PC_LIBS " -l${library}")
    endif()
  endforeach()
endif()
configure_file(${CMAKE_CURRENT_LIST_DIR}/rnnlib.pc.in ${CMAKE_CURRENT_BINARY_DIR}/rnnlib.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/rnnlib.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
