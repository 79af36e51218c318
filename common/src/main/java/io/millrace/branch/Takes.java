package io.millrace.branch;

import io.millrace.SpecException;
import io.millrace.UnavailableException;
import io.millrace.table.Authorship;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Which side is taken where both have changed a cell: one for all, or as a file says. */
public final class Takes {

  /** A side. */
  public enum Side {
    OURS,
    THEIRS;

    String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  private static final List<String> HEADER =
      List.of("table", "key", "column", "base", "ours", "theirs", "ours_by", "theirs_by", "take");

  private final Optional<Side> all;
  private final Map<List<String>, Side> cells;

  private Takes(Optional<Side> all, Map<List<String>, Side> cells) {
    this.all = all;
    this.cells = cells;
  }

  /** None is taken. */
  public static Takes none() {
    return new Takes(Optional.empty(), Map.of());
  }

  /**
   * @param told {@code ours}, {@code theirs}, or a file as {@link #write} makes it, filled in
   * @throws SpecException where it is none of these
   */
  public static Takes of(String told) {
    for (Side side : Side.values()) {
      if (told.equals(side.word())) {
        return new Takes(Optional.of(side), Map.of());
      }
    }
    Path file = Path.of(told);
    if (!Files.isRegularFile(file)) {
      throw new SpecException(
          "--take "
              + told
              + ": is neither ours nor theirs nor a file; `merge NAME --dry-run --out FILE` writes"
              + " one to fill in");
    }
    return read(file);
  }

  private static Takes read(Path file) {
    List<List<String>> lines;
    try {
      lines = records(Files.readString(file, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UnavailableException(file + ": can't be read: " + e.getMessage(), e);
    }
    List<String> header = lines.isEmpty() ? List.of() : lines.get(0);
    for (String needed : List.of("table", "key", "column", "take")) {
      if (!header.contains(needed)) {
        throw new SpecException(
            file + ": has no column " + needed + "; keep the header that --out wrote");
      }
    }
    Map<List<String>, Side> cells = new LinkedHashMap<>();
    for (int i = 1; i < lines.size(); i++) {
      List<String> line = lines.get(i);
      if (line.size() != header.size()) {
        throw new SpecException(
            "%s: row %d has %d values, not %d; keep its commas and quotes"
                .formatted(file, i, line.size(), header.size()));
      }
      String take = line.get(header.indexOf("take")).strip();
      if (!take.isEmpty()) {
        cells.put(
            List.of(
                line.get(header.indexOf("table")),
                line.get(header.indexOf("key")),
                line.get(header.indexOf("column"))),
            side(file, i, take));
      }
    }
    return new Takes(Optional.empty(), cells);
  }

  private static Side side(Path file, int row, String take) {
    for (Side side : Side.values()) {
      if (take.equals(side.word())) {
        return side;
      }
    }
    throw new SpecException(
        "%s: row %d: take is '%s'; write ours or theirs".formatted(file, row, take));
  }

  /** The side of a conflict, where one is told. */
  Optional<Side> of(Conflict conflict) {
    return all.or(
        () ->
            Optional.ofNullable(
                cells.get(List.of(conflict.table(), conflict.key(), conflict.column()))));
  }

  /** Conflicts for which no side is told. */
  public List<Conflict> open(Collection<Conflict> conflicts) {
    return conflicts.stream().filter(conflict -> of(conflict).isEmpty()).toList();
  }

  /** What is taken of some conflicts, in words that two equal choices share. */
  public String text(Collection<Conflict> conflicts) {
    Map<String, String> told = new TreeMap<>();
    conflicts.forEach(
        conflict ->
            told.put(
                conflict.table() + "\n" + conflict.key() + "\n" + conflict.column(),
                of(conflict).map(Side::word).orElse("")));
    return told.toString();
  }

  // ---- the file --------------------------------------------------------------------------------

  /** Writes conflicts as CSV, with a column {@code take} to fill in. */
  public static void write(Path file, Collection<Conflict> conflicts) {
    StringBuilder text = new StringBuilder(line(HEADER));
    for (Conflict conflict : conflicts) {
      List<String> values = new ArrayList<>();
      values.add(conflict.table());
      values.add(conflict.key());
      values.add(conflict.column());
      values.add(conflict.base());
      values.add(conflict.ours());
      values.add(conflict.theirs());
      values.add(by(conflict.oursBy()));
      values.add(by(conflict.theirsBy()));
      values.add("");
      text.append(line(values));
    }
    try {
      Files.writeString(file, text, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UnavailableException(
          file + ": can't be written: " + e.getMessage() + "; give --out a folder of yours", e);
    }
  }

  /** Who and when, in a few words. */
  public static String by(Optional<Authorship> author) {
    return author
        .map(one -> one.by() + ", " + one.at().truncatedTo(java.time.temporal.ChronoUnit.SECONDS))
        .orElse("");
  }

  private static String line(List<String> values) {
    List<String> quoted = new ArrayList<>();
    values.forEach(value -> quoted.add(quoted(value == null ? "" : value)));
    return String.join(",", quoted) + "\n";
  }

  private static String quoted(String value) {
    return value.matches("(?s).*[\",\\r\\n].*") || !value.equals(value.strip())
        ? '"' + value.replace("\"", "\"\"") + '"'
        : value;
  }

  /** RFC 4180. */
  private static List<List<String>> records(String text) {
    List<List<String>> records = new ArrayList<>();
    List<String> record = new ArrayList<>();
    StringBuilder value = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quoted && c == '"' && i + 1 < text.length() && text.charAt(i + 1) == '"') {
        value.append('"');
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (!quoted && (c == ',' || c == '\n')) {
        record.add(value.toString());
        value.setLength(0);
        if (c == '\n') {
          records.add(record);
          record = new ArrayList<>();
        }
      } else if (quoted || c != '\r') {
        value.append(c);
      }
    }
    if (value.length() > 0 || !record.isEmpty()) {
      record.add(value.toString());
      records.add(record);
    }
    records.removeIf(one -> one.equals(List.of("")));
    return records;
  }
}
