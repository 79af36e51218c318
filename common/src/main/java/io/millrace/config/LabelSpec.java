package io.millrace.config;

import io.millrace.Task;
import java.util.Optional;

/** What is to be predicted. */
@Doc("What is to be predicted.")
public sealed interface LabelSpec permits LabelSpec.Column, LabelSpec.Expression, LabelSpec.Source {

  /** The value that counts as positive; given, the task is binary. */
  Optional<String> positive();

  /** The value that counts as negative; absent, the one other value that there is. */
  Optional<String> negative();

  /** The task; absent, binary where {@code positive} is given, else by the label's type. */
  Optional<Task> task();

  /** A column of the population's rows. */
  @Kind("column")
  @Doc("A column of the population's rows.")
  record Column(
      @Doc("The column.") String column,
      @Doc("Value that counts as positive (binary).") Optional<String> positive,
      @Doc("Value that counts as negative (binary).") Optional<String> negative,
      @Doc("binary, multi-class or regression.") Optional<Task> task)
      implements LabelSpec {}

  /** A SQL expression over the population's rows. */
  @Kind("expression")
  @Doc("A SQL expression over the population's rows.")
  record Expression(
      @Doc("The expression.") String expression,
      @Doc("Columns that it reads; they are never features.") java.util.List<String> columns,
      @Doc("Value that counts as positive (binary).") Optional<String> positive,
      @Doc("Value that counts as negative (binary).") Optional<String> negative,
      @Doc("binary, multi-class or regression.") Optional<Task> task)
      implements LabelSpec {

    public Expression {
      columns = java.util.List.copyOf(columns);
    }
  }

  /** A source of its own, that comes later and joins by the entity's key. */
  @Kind("source")
  @Doc("A source of its own that comes later and is joined by the entity's columns.")
  record Source(
      @Doc("The source.") String source,
      @Doc("Its column that holds the label.") String column,
      @Doc("Value that counts as positive (binary).") Optional<String> positive,
      @Doc("Value that counts as negative (binary).") Optional<String> negative,
      @Doc("binary, multi-class or regression.") Optional<Task> task)
      implements LabelSpec {}
}
