package io.millrace.jobs;

import io.millrace.UnavailableException;
import io.millrace.table.SmallTable;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The promotion log of a pipeline, and which model it puts in force when. */
final class Champions {

  private static final int TRIES = 10;

  private final Work work;
  private final SmallTable table;

  Champions(Work work) {
    this.work = work;
    this.table = new SmallTable(work.lake(), ResultTables.promotions());
  }

  /** One row of the log. */
  record Promotion(long position, String version, LocalDate effectiveFrom, String runId) {}

  /** The log, in its order. */
  List<Promotion> log() {
    List<Promotion> log = new ArrayList<>();
    for (Map<String, Object> row : table.rows(work.name())) {
      log.add(
          new Promotion(
              (Long) row.get("position"),
              (String) row.get("model_version"),
              (LocalDate) row.get("effective_from"),
              (String) row.get("run_id")));
    }
    log.sort(Comparator.comparingLong(Promotion::position));
    return log;
  }

  /** The model in force at a date. */
  Optional<String> at(LocalDate date) {
    return inForce(log(), date);
  }

  /**
   * The model that a challenger has to beat: the one in force at its date before it was promoted
   * itself, so that judging it again gives the same verdict.
   */
  Optional<String> before(String challenger, LocalDate date) {
    List<Promotion> log = log();
    List<Promotion> earlier = new ArrayList<>();
    for (Promotion promotion : log) {
      if (promotion.version().equals(challenger)) {
        break;
      }
      earlier.add(promotion);
    }
    return inForce(earlier, date);
  }

  private static Optional<String> inForce(List<Promotion> log, LocalDate date) {
    return log.stream()
        .filter(promotion -> !promotion.effectiveFrom().isAfter(date))
        .max(Comparator.comparing(Promotion::effectiveFrom).thenComparingLong(Promotion::position))
        .map(Promotion::version);
  }

  /**
   * Adds to the log by compare-and-swap, once per run.
   *
   * @return false where the run stands in the log already
   */
  boolean promote(
      String runId, String version, LocalDate effectiveFrom, String kind, String reason) {
    for (int i = 0; i < TRIES; i++) {
      long readVersion = table.version();
      List<Promotion> log = log();
      if (log.stream().anyMatch(promotion -> promotion.runId().equals(runId))) {
        return false;
      }
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("run_id", runId);
      row.put("pipeline", work.name());
      row.put("position", log.isEmpty() ? 1L : log.get(log.size() - 1).position() + 1);
      row.put("model_version", version);
      row.put("effective_from", effectiveFrom);
      row.put("kind", kind);
      row.put("reason", reason);
      row.put("promoted_at", Instant.now());
      if (table.appendAt(work.name(), readVersion, runId, List.of(row)).isPresent()) {
        return true;
      }
    }
    throw new UnavailableException(
        "promotions: other processes kept writing it; nothing was promoted, try again");
  }
}
