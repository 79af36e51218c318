package io.millrace.config;

import io.millrace.Task;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/** What is to be predicted. */
@Doc("What is to be predicted.")
public sealed interface LabelSpec permits LabelSpec.Column, LabelSpec.Expression, LabelSpec.Source {

  /** What {@code after} means, for the reference. */
  String AFTER =
      "How long an outcome takes to show. The labels of a date count, in training, evaluation and"
          + " measured performance, from the date whose period ends at least so long after the end"
          + " of their own date's period.";

  /** The value that counts as positive; given, the task is binary. */
  Optional<String> positive();

  /** The value that counts as negative; absent, the one other value that there is. */
  Optional<String> negative();

  /** The task; absent, binary where {@code positive} is given, else by the label's type. */
  Optional<Task> task();

  /** How long an outcome takes to show: labels count only once they are so old. */
  Duration after();

  /** The last date whose labels are old enough at another date. */
  default LocalDate lastMature(LocalDate at, Every every) {
    LocalDate latestEnd = every.next(at).atStartOfDay().minus(after()).toLocalDate();
    return every.start(every.start(latestEnd).minusDays(1));
  }

  /** What to do with different answers for one entity that became known on the same date. */
  enum Conflict {
    /** Stop and name them. */
    REFUSE,
    /** Take the first by the source's time. */
    FIRST,
    /** Take the last by the source's time. */
    LAST,
    /** Take the positive one. */
    POSITIVE
  }

  /** A column of the population's rows. */
  @Kind("column")
  @Doc("A column of the population's rows.")
  record Column(
      @Doc("The column.") String column,
      @Doc("Value that counts as positive (binary).") Optional<String> positive,
      @Doc("Value that counts as negative (binary).") Optional<String> negative,
      @Doc("binary, multi-class or regression.") Optional<Task> task,
      @Doc(LabelSpec.AFTER) @Default("0d") Duration after)
      implements LabelSpec {}

  /** A SQL expression over the population's rows. */
  @Kind("expression")
  @Doc("A SQL expression over the population's rows.")
  record Expression(
      @Doc("The expression.") String expression,
      @Doc("Columns that it reads; they are never features.") List<String> columns,
      @Doc("Value that counts as positive (binary).") Optional<String> positive,
      @Doc("Value that counts as negative (binary).") Optional<String> negative,
      @Doc("binary, multi-class or regression.") Optional<Task> task,
      @Doc(LabelSpec.AFTER) @Default("0d") Duration after)
      implements LabelSpec {

    public Expression {
      columns = List.copyOf(columns);
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
      @Doc("binary, multi-class or regression.") Optional<Task> task,
      @Doc(LabelSpec.AFTER) @Default("0d") Duration after,
      @Doc("What counts where one entity has two answers of one ingest date.") @Default("refuse")
          Conflict conflict)
      implements LabelSpec {}
}
