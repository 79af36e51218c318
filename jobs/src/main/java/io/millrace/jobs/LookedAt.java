package io.millrace.jobs;

import io.millrace.config.CheckSpec;
import io.millrace.jobs.Validated.Looked;
import io.millrace.jobs.Validated.RawSlice;
import io.millrace.label.RawSlices;
import io.millrace.table.PinnedTable;
import io.millrace.table.SmallTable;
import io.millrace.validate.Profile;
import io.millrace.validate.Slice;
import io.millrace.validate.ValidateContext;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What the checks of a source's slices look at beside their rows. */
record LookedAt(Work work, Validated validated, String source, PinnedTable raw) {

  /**
   * Slices in their order, parted where what was known at their dates differs: a slice is judged as
   * it would have been on its own, and those that are judged by the same are one scan.
   */
  List<List<RawSlice>> together(List<RawSlice> slices) {
    List<List<RawSlice>> together = new ArrayList<>();
    Looked last = null;
    for (RawSlice slice : slices) {
      Looked looked = validated.elsewhere(slice);
      if (!looked.equals(last)) {
        together.add(new ArrayList<>());
      }
      together.get(together.size() - 1).add(slice);
      last = looked;
    }
    return together;
  }

  /** For slices that are judged together. */
  ValidateContext context(List<RawSlice> slices) {
    RawSlice newest = slices.get(slices.size() - 1);
    return new ValidateContext(
        source,
        slices.stream()
            .map(slice -> new Slice(slice.runId(), slice.day(), end(slice.ingested())))
            .toList(),
        work.spec().sources().get(source).time(),
        Validated.sliceColumns(work.spec(), raw),
        others(newest),
        history(newest),
        training(validated.elsewhere(newest).model()));
  }

  private Instant end(LocalDate ingested) {
    return work.spec()
        .every()
        .next(work.spec().every().start(ingested))
        .atStartOfDay()
        .toInstant(ZoneOffset.UTC);
  }

  /** Rows of other sources that checks look at, as known when a slice came. */
  private Map<String, Dataset<Row>> others(RawSlice slice) {
    Map<String, Dataset<Row>> others = new HashMap<>();
    for (CheckSpec check : validated.checks()) {
      if (check instanceof CheckSpec.ExistsIn other) {
        PinnedTable table = work.raw(other.source());
        others.put(
            other.source(),
            validated
                .known(other.source(), slice)
                .map(known -> table.read().where(known.filter()))
                .orElseGet(() -> table.read().limit(0)));
      }
    }
    return others;
  }

  private List<Profile> history(RawSlice newest) {
    if (validated.checks().stream().noneMatch(c -> c instanceof CheckSpec.LikeBefore)) {
      return List.of();
    }
    Set<String> earlier =
        validated.before(newest).stream().map(RawSlice::runId).collect(Collectors.toSet());
    return profiles().stream().filter(profile -> earlier.contains(profile.sliceRunId())).toList();
  }

  private List<Profile> profiles() {
    Map<String, Profile> newest = new LinkedHashMap<>();
    new SmallTable(work.lake(), ResultTables.profiles())
        .rows(work.name()).stream()
            .filter(row -> raw.name().equals(row.get("table")))
            .filter(row -> row.get("slice_column") == null)
            .map(Profile::of)
            .forEach(profile -> newest.put(profile.sliceRunId() + " " + profile.column(), profile));
    return List.copyOf(newest.values());
  }

  /** Profiles of the raw rows that a champion could learn from, one a column. */
  private List<Profile> training(String champion) {
    if (champion.isEmpty()) {
      return List.of();
    }
    LocalDate trained = (LocalDate) new ModelLibrary(work).named(champion).get("date");
    Set<String> learned =
        RawSlices.knownAt(raw, work.spec().sources().get(source), work.spec().every(), trained)
            .map(RawSlices::runIds)
            .orElse(Set.of());
    Map<String, Profile> merged = new LinkedHashMap<>();
    profiles().stream()
        .filter(profile -> learned.contains(profile.sliceRunId()))
        .filter(profile -> sameType(merged.get(profile.column()), profile))
        .forEach(profile -> merged.merge(profile.column(), profile, Profile::merge));
    return List.copyOf(merged.values());
  }

  private static boolean sameType(Profile one, Profile other) {
    return one == null || one.type().equals(other.type());
  }
}
