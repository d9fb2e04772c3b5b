# SPDX-License-Identifier: Apache-2.0
# `cmake --install`: headers, library and the package that find_package(rnnlib) reads.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(_rnnlib_package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/rnnlib)

install(TARGETS rnnlib EXPORT rnnlibTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
        INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}/include/rnnlib DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT rnnlibTargets NAMESPACE rnnlib:: DESTINATION ${_rnnlib_package_dir})

configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/rnnlibConfig.cmake.in
                              ${CMAKE_CURRENT_BINARY_DIR}/rnnlibConfig.cmake INSTALL_DESTINATION ${_rnnlib_package_dir})
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/rnnlibConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/rnnlibConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/rnnlibConfigVersion.cmake
        DESTINATION ${_rnnlib_package_dir})
