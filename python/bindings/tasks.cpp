// SPDX-License-Identifier: Apache-2.0
// The table of tasks: a dictionary per row, whose keys are the fields of rnnlib_py.data.tasks.Task.
#include "bindings.h"

namespace rnnlib::python {

namespace {

const char* target_name(TargetKind target) {
  switch (target) {
    case TargetKind::kPatterns:
      return "patterns";
    case TargetKind::kClasses:
      return "classes";
    case TargetKind::kLabelSequence:
      return "labels";
  }
  return "";
}

const char* units_name(OutputUnits units) {
  switch (units) {
    case OutputUnits::kTargetNumbers:
      return "target numbers";
    case OutputUnits::kClasses:
      return "classes";
    case OutputUnits::kLabelsAndBlank:
      return "labels and blank";
  }
  return "";
}

py::dict to_dict(const TaskInfo& task) {
  py::dict row;
  row["name"] = task.name;
  row["target"] = target_name(task.target);
  row["per_point"] = task.per_point;
  row["variables"] = py::tuple(py::cast(task.variables));
  row["units"] = units_name(task.units);
  row["criterion_unit"] = task.criterion_unit;
  row["criteria"] = py::tuple(py::cast(task.criteria));
  row["other_errors"] = py::tuple(py::cast(task.other_errors));
  row["word_errors"] = py::tuple(py::cast(task.word_errors));
  row["has_positions"] = task.has_positions();
  return row;
}

}  // namespace

void register_tasks(py::module_& m) {
  m.def(
      "task_table",
      [] {
        py::list rows;
        for (const TaskInfo& task : task_table()) rows.append(to_dict(task));
        return rows;
      },
      "The tasks that there are, each as a dictionary of what depends on it.");
}

}  // namespace rnnlib::python
