package io.millrace.config;

import io.millrace.Task;
import java.util.List;
import java.util.Optional;

/** What can be wrong within a label. */
final class LabelCheck {

  private final Faults faults;
  private final KeyPath path;

  LabelCheck(Faults faults, KeyPath path) {
    this.faults = faults;
    this.path = path;
  }

  void check(LabelSpec label) {
    Optional<String> positive = label.positive();
    Optional<String> negative = label.negative();
    Optional<Task> notBinary = label.task().filter(task -> task != Task.BINARY);
    notBinary.ifPresent(task -> onlyBinary(label, Words.kebab(task.name())));
    if (negative.isPresent() && positive.isEmpty() && notBinary.isEmpty()) {
      faults.add(path.then("negative"), "without positive; add the value that counts as positive");
    }
    if (positive.isPresent() && positive.equals(negative)) {
      faults.add(path.then("negative"), "the same as positive; change one");
    }
    if (label instanceof LabelSpec.Expression expression) {
      expression(expression);
    }
    boolean wantsPositive =
        label instanceof LabelSpec.Source source
            && source.conflict() == LabelSpec.Conflict.POSITIVE;
    if (wantsPositive && positive.isEmpty()) {
      faults.add(
          path.then("conflict"), "positive wins, but which value is positive isn't said; add it");
    }
  }

  private void onlyBinary(LabelSpec label, String task) {
    String fault = "only for task binary, not " + task + "; take it away or change the task";
    label.positive().ifPresent(p -> faults.add(path.then("positive"), fault));
    label.negative().ifPresent(n -> faults.add(path.then("negative"), fault));
  }

  private void expression(LabelSpec.Expression label) {
    SqlWords.fault(label.expression())
        .ifPresent(fault -> faults.add(path.then("expression"), fault));
    if (label.columns().isEmpty()) {
      faults.add(path.then("columns"), "empty; name the columns that the expression reads");
    }
    RecordChecks.unique(label.columns(), path.then("columns"), faults);
    for (int i = 0; i < label.columns().size(); i++) {
      if (!SqlWords.reads(label.expression(), label.columns().get(i))) {
        String fault = "the expression doesn't read " + label.columns().get(i);
        faults.add(path.then("columns", i), fault + "; correct the name or take it away");
      }
    }
  }

  /** The columns of the population's rows that hold the label, and so may not be features. */
  static List<String> columns(PipelineSpec spec) {
    LabelSpec label = spec.label().orElse(null);
    if (label instanceof LabelSpec.Column column) {
      return List.of(column.column());
    }
    if (label instanceof LabelSpec.Expression expression) {
      return expression.columns();
    }
    return label instanceof LabelSpec.Source source
            && source.source().equals(spec.population().source())
        ? List.of(source.column())
        : List.of();
  }

  /** The task, where the spec alone says it. */
  static Optional<Task> task(LabelSpec label) {
    return label.positive().isPresent() && label.task().isEmpty()
        ? Optional.of(Task.BINARY)
        : label.task();
  }
}
