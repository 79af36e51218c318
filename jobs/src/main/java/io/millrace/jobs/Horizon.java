package io.millrace.jobs;

import io.delta.kernel.exceptions.KernelException;
import io.millrace.erase.Receipts;
import io.millrace.label.LabelBuilder;
import io.millrace.table.DataFile;
import io.millrace.table.Lake;
import io.millrace.table.PinnedTable;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether a model can be trained again: the versions that it was trained on, and their files. */
final class Horizon {

  private Horizon() {}

  /**
   * Why a model can't be trained again; empty where it can.
   *
   * @param model its row of {@code models}
   */
  static Optional<String> lost(Lake lake, Map<String, Object> model) {
    String pipeline = (String) model.get("pipeline");
    LocalDate date = (LocalDate) model.get("date");
    return Stream.of(
            lost(lake, "features/" + pipeline, model.get("features_table_version"), "date", date),
            lost(
                lake,
                "labels/" + pipeline,
                model.get("labels_table_version"),
                LabelBuilder.KNOWN_AT,
                date))
        .flatMap(Optional::stream)
        .findFirst();
  }

  /** Why a version can't be opened because of an erasure; empty where it can. */
  static Optional<String> erased(Lake lake, String name, long version) {
    return new Receipts(lake)
        .erased(name, version)
        .map(erased -> name + "@" + version + ": a person was " + erased);
  }

  private static Optional<String> lost(
      Lake lake, String name, Object version, String partition, LocalDate date) {
    String told = name + "@" + version;
    try {
      PinnedTable table = lake.at(name, (Long) version);
      List<DataFile> missing =
          table.missingFiles().stream()
              .filter(file -> file.partition().get(partition).compareTo(date.toString()) <= 0)
              .toList();
      if (missing.isEmpty()) {
        return Optional.empty();
      }
      return Optional.of(
          "%s: %d of its files are gone%s"
              .formatted(
                  told,
                  missing.size(),
                  table
                      .vacuumed()
                      .map(at -> ", by a VACUUM on " + at.truncatedTo(ChronoUnit.SECONDS))
                      .orElse("")));
    } catch (KernelException e) {
      return Optional.of(
          new Receipts(lake)
              .erased(name, (Long) version)
              .map(erased -> told + ": a person was " + erased)
              .orElse(told + ": its log is gone"));
    }
  }
}
