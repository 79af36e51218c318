package io.millrace.table;

import io.delta.kernel.exceptions.KernelException;
import io.millrace.DataException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A version of a table that somebody names, and that may be gone. */
public final class PastVersion {

  private static final Pattern OLDEST =
      Pattern.compile("earliest available version is (\\d+)", Pattern.CASE_INSENSITIVE);

  private PastVersion() {}

  /**
   * Opens it.
   *
   * @throws DataException where the log that leads to it is gone
   */
  public static PinnedTable of(Lake lake, String name, long version) {
    try {
      return lake.at(name, version);
    } catch (KernelException e) {
      Matcher oldest = OLDEST.matcher(String.valueOf(e.getMessage()));
      throw new DataException(
          "%s@%d: can't be opened any more: an erasure or a clean-up took its log%s"
              .formatted(
                  name,
                  version,
                  oldest.find() ? "; the oldest version is " + oldest.group(1) : ""));
    }
  }
}
