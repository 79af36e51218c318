package io.millrace.ingest;

import io.millrace.DataException;
import io.millrace.Nearest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * From the names in a file's header to names of table columns.
 *
 * <p>Delta and Parquet refuse white space and {@code ,;{}()=} in a name. Each run of them becomes
 * one {@code _}, none at either end: {@code default payment next month} is the column {@code
 * default_payment_next_month}. A name that Millrace gives to a column of its own gets a {@code _}
 * at its end. Everything else (dots, quotes, any script) stays.
 */
public final class ColumnNames {

  private static final Pattern REFUSED = Pattern.compile("[\\s\\u00a0\\ufeff,;{}()=]+");
  private static final Set<String> RESERVED =
      Set.of("run_id", "_row_id", "_key", "_file", "_ingested", "_day");

  private ColumnNames() {}

  /** The name of the table's column for a name in a file, or in a spec that names it like that. */
  public static String safe(String name) {
    String[] parts = REFUSED.split(name);
    List<String> kept = new ArrayList<>();
    for (String part : parts) {
      if (!part.isEmpty()) {
        kept.add(part);
      }
    }
    String safe = String.join("_", kept);
    return isReserved(safe) ? safe + "_" : safe;
  }

  /** Whether Millrace adds a column of that name to every raw table. */
  public static boolean isReserved(String name) {
    return RESERVED.contains(name.toLowerCase(Locale.ROOT));
  }

  /**
   * The table's names of a file's columns.
   *
   * @throws DataException if a name is empty, or if two are the same once mapped (any case)
   */
  static List<String> safe(List<String> header, String file) {
    List<String> names = new ArrayList<>();
    Map<String, Integer> seen = new HashMap<>();
    for (int i = 0; i < header.size(); i++) {
      String name = safe(header.get(i));
      if (name.isEmpty()) {
        throw new DataException(
            "%s: column %d of %d has no name; name it in the file, or give all names in `columns`"
                .formatted(file, i + 1, header.size()));
      }
      Integer first = seen.putIfAbsent(name.toLowerCase(Locale.ROOT), i);
      if (first != null) {
        throw new DataException(
            "%s: columns %d (%s) and %d (%s) are both named %s; give other names in `columns`"
                .formatted(file, first + 1, header.get(first), i + 1, header.get(i), name));
      }
      names.add(name);
    }
    return names;
  }

  /** The candidate that takes the fewest edits from a name; null without any. */
  static String nearest(String name, Collection<String> candidates) {
    return Nearest.closest(name, candidates).orElse(null);
  }
}
