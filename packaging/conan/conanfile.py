# SPDX-License-Identifier: Apache-2.0
"""The C++ library rnnlib as a Conan 2 package."""

from pathlib import Path

from conan import ConanFile
from conan.tools.build import check_min_cppstd
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout
from conan.tools.files import copy, get, rmdir


class RnnlibConan(ConanFile):
    name = "rnnlib"
    version = "@VERSION@"
    description = "Recurrent networks for sequence learning: multidimensional LSTM and CTC"
    license = "Apache-2.0"
    url = "https://github.com/conan-io/conan-center-index"
    homepage = "https://github.com/rnnlib-py/rnnlib-py"
    topics = ("lstm", "ctc", "recurrent-neural-network", "handwriting")
    package_type = "library"
    settings = "os", "arch", "compiler", "build_type"
    options = {"shared": [True, False], "fPIC": [True, False], "threads": [True, False], "zlib": [True, False]}  # noqa: RUF012
    default_options = {"shared": False, "fPIC": True, "threads": True, "zlib": True}  # noqa: RUF012
    implements = ["auto_shared_fpic"]  # noqa: RUF012

    def requirements(self):
        self.requires("eigen/[>=3.4 <6]", visible=False)
        if self.options.zlib:
            self.requires("zlib/[>=1.2.11 <2]")

    def validate(self):
        check_min_cppstd(self, 17)

    def layout(self):
        cmake_layout(self, src_folder="src")

    def source(self):
        get(self, url="@URL@", sha256="@SHA256@", strip_root=True)

    def generate(self):
        toolchain = CMakeToolchain(self)
        toolchain.cache_variables["RNNLIB_THREADS"] = bool(self.options.threads)
        toolchain.cache_variables["RNNLIB_ZLIB"] = bool(self.options.zlib)
        toolchain.cache_variables["RNNLIB_INSTALL"] = True
        toolchain.generate()
        CMakeDeps(self).generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure(build_script_folder="cpp")
        cmake.build()

    def package(self):
        CMake(self).install()
        for name in ("LICENSE", "NOTICE"):
            copy(self, name, self.source_folder, Path(self.package_folder, "licenses"))
        for folder in ("cmake", "pkgconfig"):  # Conan makes its own
            rmdir(self, Path(self.package_folder, "lib", folder))
        rmdir(self, Path(self.package_folder, "share"))

    def package_info(self):
        self.cpp_info.libs = ["rnnlib"]
        self.cpp_info.set_property("cmake_file_name", "rnnlib")
        self.cpp_info.set_property("cmake_target_name", "rnnlib::rnnlib")
        self.cpp_info.set_property("pkg_config_name", "rnnlib")
        if self.options.shared:
            self.cpp_info.defines = ["RNNLIB_SHARED"]
        elif self.settings.os in ("Linux", "FreeBSD"):
            self.cpp_info.system_libs = ["m"] + (["pthread"] if self.options.threads else [])
