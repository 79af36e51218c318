package io.millrace.jobs;

import io.millrace.DataException;
import io.millrace.Nearest;
import io.millrace.jobs.Validated.RawSlice;
import io.millrace.jobs.console.Console;
import io.millrace.table.Lake;
import io.millrace.table.PinnedTable;
import io.millrace.validate.Profile;
import io.millrace.validate.Profiler;
import io.millrace.validate.Slice;
import io.millrace.validate.Suggestions;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Proposes checks from what the rows of a raw table look like now. */
final class SuggestVerb {

  private SuggestVerb() {}

  static int run(String source, Lake lake, Console console) {
    PinnedTable raw = lake.latest("raw/" + source).orElseThrow(() -> unknown(source, lake));
    List<Slice> slices =
        Validated.slices(raw).stream()
            .map(slice -> new Slice(slice.runId(), slice.day(), Instant.EPOCH))
            .toList();
    Map<String, Profile> merged = new LinkedHashMap<>();
    Profiler.profile(raw.read(), raw.name(), slices, List.of())
        .forEach(profile -> merged.merge(profile.column(), profile, Profile::merge));
    long rows = Validated.slices(raw).stream().mapToLong(RawSlice::rows).sum();
    console.print(
        "# proposed from %,d rows of raw/%s; keep what must always hold".formatted(rows, source));
    console.print("validate:");
    console.print("  " + source + ":");
    Suggestions.of(List.copyOf(merged.values())).forEach(line -> console.print("    " + line));
    return 0;
  }

  static DataException unknown(String source, Lake lake) {
    List<String> known =
        lake.tables().stream()
            .filter(name -> name.startsWith("raw/"))
            .map(name -> name.substring("raw/".length()))
            .toList();
    return new DataException(
        "raw/"
            + source
            + ": no such source was taken in; "
            + Nearest.mend(source, known, "sources"));
  }
}
