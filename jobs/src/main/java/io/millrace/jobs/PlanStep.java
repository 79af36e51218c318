package io.millrace.jobs;

import io.millrace.Stage;
import io.millrace.table.SliceState;
import io.millrace.table.TableVersion;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;

/**
 * One stage of a date in a plan.
 *
 * @param because why, in words
 * @param slices what it surely writes
 * @param inputs the tables that it would read, at their versions
 * @param reads the slices that it would read
 * @param replaces the slices that it would replace
 * @param gates rules of the spec that may keep something back here
 * @param follows tables that it writes
 * @param then whether the chain goes on after it
 * @param open whether it may write more slices than the ones that are known
 */
record PlanStep(
    LocalDate date,
    Stage stage,
    Would would,
    String because,
    List<Slice> slices,
    List<TableVersion> inputs,
    Amount reads,
    Amount replaces,
    List<String> gates,
    List<String> follows,
    Then then,
    boolean open) {

  /** Whether the stages behind a step have their turn. */
  enum Then {
    GOES_ON,
    /** What it finds may end the chain. */
    MAY_END,
    ENDS
  }

  /**
   * A slice that is written.
   *
   * @param date logical date of the run that writes it
   * @param held runs whose rows it holds now
   * @param madeOf what those read, as they told
   * @param runId the run that writes it; empty where its id isn't known yet
   */
  record Slice(LocalDate date, Set<String> held, List<TableVersion> madeOf, String runId) {
    Slice {
      held = Set.copyOf(held);
      madeOf = List.copyOf(madeOf);
    }
  }

  /** Rows and bytes of slices as the log counts them; -1 rows where nobody has counted them. */
  record Amount(long rows, long bytes) {

    static final Amount NOTHING = new Amount(0, 0);

    static Amount of(SliceState slice) {
      return new Amount(slice.rows(), slice.bytes());
    }

    Amount and(Amount other) {
      return new Amount(rows < 0 || other.rows < 0 ? -1 : rows + other.rows, bytes + other.bytes);
    }
  }

  PlanStep {
    slices = List.copyOf(slices);
    inputs = List.copyOf(inputs);
    gates = List.copyOf(gates);
    follows = List.copyOf(follows);
  }

  static PlanStep of(LocalDate date, Stage stage, Would would, String because) {
    return new PlanStep(
        date,
        stage,
        would,
        because,
        List.of(),
        List.of(),
        Amount.NOTHING,
        Amount.NOTHING,
        List.of(),
        List.of(),
        would == Would.BLOCKED ? Then.ENDS : Then.GOES_ON,
        would == Would.UNKNOWN);
  }

  PlanStep writing(List<Slice> written, Amount replaced, String... tables) {
    return new PlanStep(
        date,
        stage,
        would,
        because,
        written,
        inputs,
        reads,
        replaced,
        gates,
        List.of(tables),
        then,
        open);
  }

  PlanStep reading(List<TableVersion> tables, Amount read) {
    return new PlanStep(
        date, stage, would, because, slices, tables, read, replaces, gates, follows, then, open);
  }

  PlanStep gated(List<String> rules) {
    return new PlanStep(
        date, stage, would, because, slices, inputs, reads, replaces, rules, follows, then, open);
  }

  PlanStep then(Then after) {
    return new PlanStep(
        date, stage, would, because, slices, inputs, reads, replaces, gates, follows, after, open);
  }

  /** The same step where it isn't sure any more that it has its turn. */
  PlanStep doubted(String why) {
    return would.writes()
        ? new PlanStep(
            date,
            stage,
            Would.UNKNOWN,
            why,
            List.of(),
            inputs,
            reads,
            replaces,
            gates,
            follows,
            then,
            true)
        : this;
  }

  PlanStep because(String why) {
    return new PlanStep(
        date, stage, would, why, slices, inputs, reads, replaces, gates, follows, then, open);
  }

  /** The same step, which may write more than is known. */
  PlanStep open(boolean more) {
    return new PlanStep(
        date,
        stage,
        would,
        because,
        slices,
        inputs,
        reads,
        replaces,
        gates,
        follows,
        then,
        open || more);
  }

  /** The same step where another one keeps it from writing. */
  PlanStep blocked(String why) {
    return of(date, stage, Would.BLOCKED, why).reading(inputs, reads).gated(gates);
  }

  /** Whether a run may write under this step. */
  boolean allows(LocalDate slice, String runId) {
    boolean known =
        slices.stream()
            .filter(written -> written.date().equals(slice))
            .anyMatch(w -> w.runId().isEmpty() || w.runId().equals(runId));
    return would != Would.BLOCKED && (known || open && !slice.isAfter(date));
  }

  /** What has to be the same for two plans to say the same of this step. */
  String identity() {
    StringBuilder text = new StringBuilder(would.word());
    slices.stream()
        .map(slice -> " " + slice.date() + "=" + slice.runId())
        .sorted()
        .forEach(text::append);
    if (open || slices.stream().anyMatch(s -> s.runId().isEmpty())) {
      inputs.stream()
          .map(input -> " " + input.table() + "@" + input.version())
          .sorted()
          .forEach(text::append);
    }
    return text.toString();
  }
}
