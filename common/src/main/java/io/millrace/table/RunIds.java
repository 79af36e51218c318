package io.millrace.table;

import io.millrace.Hashes;
import io.millrace.Stage;
import io.millrace.config.CanonicalJson;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Identity of runs: a hash of all that a run is a function of, and of nothing else. */
public final class RunIds {

  /** Characters of a run id; Delta's statistics keep this many of a text. */
  public static final int LENGTH = 32;

  private static final int VERSION_LENGTH = 12;

  private RunIds() {}

  /**
   * @param keys the parts of the spec that the stage uses, by name
   * @param model the model version that is used; empty for none
   * @param inputs run ids of the slices read, in any order
   */
  public static String of(
      Stage stage, Map<String, ?> keys, LocalDate date, String model, Collection<String> inputs) {
    String content =
        CanonicalJson.of(
            List.of(
                stage.word(),
                stage.version(),
                keys,
                date.toString(),
                model,
                List.copyOf(new TreeSet<>(inputs))));
    return Hashes.sha256Hex(content).substring(0, LENGTH);
  }

  /** The version of the model that a train run makes. */
  public static String modelVersion(String trainRunId) {
    return trainRunId.substring(0, VERSION_LENGTH);
  }
}
