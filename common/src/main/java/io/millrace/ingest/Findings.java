package io.millrace.ingest;

import io.millrace.DataException;
import io.millrace.SpecException;
import io.millrace.config.SourceSpec.ColumnType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a sample says about a task.
 *
 * @param nulls texts that mean null
 * @param key a column that tells rows apart
 * @param label the label's column
 * @param classes rows by class, in order of the class; empty for a number
 * @param dotted whether the same classes occur with and without a dot at their end
 * @param excluded columns that are no features, each with the reason
 * @param dates columns whose parts are features
 * @param texts columns of free text
 * @param rows rows looked at
 * @param complete whether these were all
 */
record Findings(
    List<String> nulls,
    Optional<String> key,
    String label,
    Map<String, Integer> classes,
    boolean dotted,
    Map<String, String> excluded,
    Map<String, ColumnType> dates,
    List<String> texts,
    int rows,
    boolean complete) {

  private static final List<String> ALWAYS_NULL = List.of("", " ", "?");
  private static final List<String> NULL_BESIDE_NUMBERS =
      List.of("NA", "N/A", "n/a", "NULL", "null", "None", "NaN", "nan");
  private static final int MOST_CLASSES = 200;
  private static final int MOST_NUMBER_CLASSES = 20;
  private static final int TEXT_LENGTH = 30;
  private static final int LEAST_ROWS = 100;

  static Findings of(Sample sample, String label) {
    return new Search(sample, label).findings();
  }

  /** The classes are two. */
  boolean isBinary() {
    return classes.size() == 2;
  }

  /** The class that is looked for: yes, true, 1, more than; else the rarer. */
  String positive() {
    List<String> wanted = List.of("yes", "true", "1", "1.0", "y", "t", "positive", "spam", "fraud");
    return classes.keySet().stream()
        .filter(name -> wanted.contains(name.toLowerCase(Locale.ROOT)) || name.startsWith(">"))
        .findFirst()
        .orElseGet(
            () ->
                classes.entrySet().stream()
                    .min(Map.Entry.comparingByValue())
                    .orElseThrow()
                    .getKey());
  }

  private static final class Search {
    private final Sample sample;
    private final int label;
    private final List<String> nulls;
    private final Map<String, String> excluded = new LinkedHashMap<>();
    private final Map<String, ColumnType> dates = new LinkedHashMap<>();
    private final List<String> texts = new ArrayList<>();

    Search(Sample sample, String labelName) {
      this.sample = sample;
      this.label = sample.names().indexOf(ColumnNames.safe(labelName));
      if (label < 0) {
        throw new SpecException(
            "no column %s; the nearest is %s"
                .formatted(labelName, ColumnNames.nearest(labelName, sample.names())));
      }
      this.nulls = nulls(sample);
    }

    Findings findings() {
      Map<String, Integer> found = new TreeMap<>();
      sample.values(label, nulls).forEach(value -> found.merge(value, 1, Integer::sum));
      Map<String, Integer> bare = new TreeMap<>();
      found.forEach((name, rows) -> bare.merge(name.replaceAll("\\.+$", ""), rows, Integer::sum));
      boolean dotted = bare.size() < found.size() && !isNumber(found.keySet());
      Map<String, Integer> classes = isRegression(found) ? Map.of() : dotted ? bare : found;
      if (!isRegression(found) && classes.size() < 2) {
        throw new DataException(
            "%s: the label has %d values in %d rows, a model needs two"
                .formatted(sample.names().get(label), classes.size(), sample.rows().size()));
      }
      Optional<Integer> key = key();
      for (int i = 0; i < sample.names().size(); i++) {
        if (i != label && !key.equals(Optional.of(i))) {
          look(i);
        }
      }
      return new Findings(
          nulls,
          key.map(sample.names()::get),
          sample.names().get(label),
          classes,
          dotted,
          excluded,
          dates,
          texts,
          sample.rows().size(),
          sample.complete());
    }

    private static boolean isNumber(Set<String> values) {
      return values.stream().allMatch(TextType::isNumber);
    }

    private static boolean isRegression(Map<String, Integer> found) {
      boolean number = isNumber(found.keySet());
      return number && found.size() > MOST_NUMBER_CLASSES
          || number
              && found.size() > 2
              && found.keySet().stream().anyMatch(v -> v.matches(".*\\.\\d*[1-9].*"));
    }

    private Optional<Integer> key() {
      List<Integer> candidates = new ArrayList<>();
      for (int i = 0; i < sample.names().size(); i++) {
        if (i != label && isUnique(i)) {
          candidates.add(i);
        }
      }
      return candidates.stream()
          .filter(i -> isNamedLikeKey(sample.names().get(i)) || isCode(i))
          .min(Comparator.comparing(i -> !isNamedLikeKey(sample.names().get(i))));
    }

    private boolean isUnique(int column) {
      List<String> values = sample.values(column, nulls);
      return values.size() == sample.rows().size() && new HashSet<>(values).size() == values.size();
    }

    private static boolean isNamedLikeKey(String name) {
      return name.matches(
          "(?i)(.*[_. -])?(id|key|uuid|guid|index|number|instant)|[a-z0-9]+ID|[a-z]+Id");
    }

    private boolean isCode(int column) {
      List<String> values = sample.values(column, nulls);
      return TextType.of(values).equals(Optional.of(ColumnType.STRING))
          && values.stream().allMatch(value -> value.matches("\\S{1,64}"));
    }

    private void look(int column) {
      String name = sample.names().get(column);
      List<String> values = sample.values(column, nulls);
      Set<String> distinct = new HashSet<>(values);
      Optional<ColumnType> type = TextType.of(distinct);
      if (distinct.isEmpty()) {
        // A column without values isn't in the table, so that nothing needs to exclude it.
        return;
      }
      if (distinct.size() == 1 && values.size() == sample.rows().size()) {
        excluded.put(name, "always " + distinct.iterator().next());
      } else if (type.get() == ColumnType.DATE || type.get() == ColumnType.TIMESTAMP) {
        dates.put(name, type.get());
      } else if (type.get() == ColumnType.STRING && isText(values, distinct)) {
        texts.add(name);
        excluded.put(name, "free text; its length is a feature");
      } else if (isUnique(column) && (isNamedLikeKey(name) || isCode(column))) {
        excluded.put(name, "another value in each row");
      } else if (type.get() == ColumnType.STRING && isMostlyDistinct(values, distinct)) {
        excluded.put(name, "another value in most rows");
      } else if (tellsLabel(column)) {
        excluded.put(name, "tells the label exactly; known only with it?");
      }
    }

    private static boolean isMostlyDistinct(List<String> values, Set<String> distinct) {
      return values.size() >= LEAST_ROWS && distinct.size() > values.size() / 2;
    }

    private static boolean isText(List<String> values, Set<String> distinct) {
      double length = values.stream().mapToInt(String::length).average().orElse(0);
      long spaced = values.stream().filter(value -> value.strip().indexOf(' ') > 0).count();
      return length > TEXT_LENGTH
          && spaced > values.size() / 2
          && distinct.size() > values.size() / 2;
    }

    private boolean tellsLabel(int column) {
      Map<String, String> byValue = new HashMap<>();
      Set<String> labels = new HashSet<>();
      for (String[] row : sample.rows()) {
        if (!nulls.contains(row[label]) && row[column] != null) {
          labels.add(row[label]);
          String earlier = byValue.putIfAbsent(row[column], row[label]);
          if (earlier != null && !earlier.equals(row[label])) {
            return false;
          }
        }
      }
      return sample.rows().size() >= LEAST_ROWS
          && byValue.size() <= MOST_CLASSES
          && labels.size() >= 2
          && byValue.size() <= 2 * labels.size();
    }

    private static List<String> nulls(Sample sample) {
      Set<String> found = new HashSet<>();
      for (int i = 0; i < sample.names().size(); i++) {
        List<String> plain = sample.values(i, ALWAYS_NULL);
        sample.values(i, List.of()).stream().filter(ALWAYS_NULL::contains).forEach(found::add);
        if (plain.stream().anyMatch(NULL_BESIDE_NUMBERS::contains)
            && TextType.of(sample.values(i, all()))
                .map(t -> t != ColumnType.STRING)
                .orElse(false)) {
          plain.stream().filter(NULL_BESIDE_NUMBERS::contains).forEach(found::add);
        }
      }
      found.add("");
      return all().stream().filter(found::contains).toList();
    }

    private static List<String> all() {
      List<String> all = new ArrayList<>(ALWAYS_NULL);
      all.addAll(NULL_BESIDE_NUMBERS);
      return all;
    }
  }
}
