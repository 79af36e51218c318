package io.millrace.jobs;

import io.millrace.label.LabelBuilder;
import io.millrace.table.Lake;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.types.StructType;

/**
 * The views through which a query sees a lake, as {@code views.sql} tells them: a table that is
 * only added to is {@code <name>_log}, and {@code <name>} what of it holds now.
 */
final class LakeViews {

  private static final String LOG = "_log";
  private static final Pattern NAME = Pattern.compile("create or replace temporary view (\\S+) as");
  private static final Pattern READS = Pattern.compile("\\b(?:from|join) (\\w+)");
  private static final Pattern COMMENT = Pattern.compile("(?m)^--.*\n");
  private static final Set<String> LABEL_COLUMNS =
      Set.of(
          "run_id",
          LabelBuilder.KNOWN_AT,
          LabelBuilder.TEXT,
          LabelBuilder.VALUE,
          LabelBuilder.TIME);

  private final Map<String, String> tables = new LinkedHashMap<>();
  private final Map<String, String> statements = new LinkedHashMap<>();

  /**
   * The views of some tables.
   *
   * @param names the tables of the lake
   * @param schema the columns of one of them; asked only for labels
   */
  LakeViews(Collection<String> names, Function<String, StructType> schema) {
    Map<String, String> texts = texts();
    for (String name : names) {
      String view = SqlVerb.view(name);
      String kind = name.substring(0, name.indexOf('/') + 1);
      String text =
          kind.isEmpty()
              ? view
              : texts.keySet().stream()
                  .filter(known -> known.startsWith(kind.replace('/', '_') + "{"))
                  .findFirst()
                  .orElse("");
      tables.put(texts.containsKey(text) ? view + LOG : view, name);
    }
    for (Map.Entry<String, String> text : texts.entrySet()) {
      if (text.getKey().contains("{")) {
        String kind = text.getKey().substring(0, text.getKey().indexOf('_'));
        names.stream()
            .filter(name -> name.startsWith(kind + "/"))
            .forEach(name -> add(SqlVerb.view(name), filled(text.getValue(), name, schema)));
      } else {
        add(text.getKey(), text.getValue());
      }
    }
  }

  /** The views of all tables of a lake. */
  static LakeViews of(Lake lake) {
    return new LakeViews(
        lake.readable(), table -> lake.latest(table).orElseThrow().read().limit(0).schema());
  }

  /** Statements by the name of the view that they make, as the file has them. */
  private static Map<String, String> texts() {
    Map<String, String> texts = new LinkedHashMap<>();
    String file;
    try (InputStream in = LakeViews.class.getResourceAsStream("views.sql")) {
      file = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (String statement : COMMENT.matcher(file).replaceAll("").split(";\n")) {
      Matcher name = NAME.matcher(statement);
      if (name.find()) {
        texts.put(name.group(1), statement.strip());
      }
    }
    return texts;
  }

  private static String filled(String text, String table, Function<String, StructType> schema) {
    String view = SqlVerb.view(table);
    String name = view.substring(view.indexOf('_') + 1);
    String filled = text.replace("{source}", name).replace("{pipeline}", name);
    if (!filled.contains("{")) {
      return filled;
    }
    List<String> columns = Arrays.asList(schema.apply(table).fieldNames());
    List<String> entity = columns.stream().filter(c -> !LABEL_COLUMNS.contains(c)).toList();
    List<String> last = new ArrayList<>();
    for (String column : List.of(LabelBuilder.TIME, LabelBuilder.KNOWN_AT, LabelBuilder.TEXT)) {
      if (columns.contains(column)) {
        last.add(column + " desc nulls last");
      }
    }
    return filled
        .replace("{columns}", quoted(columns))
        .replace("{entity}", quoted(entity))
        .replace("{last}", String.join(", ", last));
  }

  private static String quoted(List<String> columns) {
    return String.join(", ", columns.stream().map(c -> "`" + c.replace("`", "``") + "`").toList());
  }

  /** A view whose tables aren't there yet is its log, if there is one. */
  private void add(String view, String statement) {
    if (known().containsAll(reads(statement))) {
      statements.put(view, statement);
    } else if (tables.containsKey(view + LOG)) {
      statements.put(
          view, "create or replace temporary view " + view + " as select * from " + view + LOG);
    }
  }

  private static Set<String> reads(String statement) {
    Set<String> reads = new LinkedHashSet<>();
    Matcher matcher = READS.matcher(statement);
    while (matcher.find()) {
      reads.add(matcher.group(1));
    }
    return reads;
  }

  private Set<String> known() {
    Set<String> known = new TreeSet<>(tables.keySet());
    known.addAll(statements.keySet());
    return known;
  }

  /** The tables of the lake by the names that they have here. */
  Map<String, String> tables() {
    return Collections.unmodifiableMap(tables);
  }

  /**
   * The statements that make the views for good, by view and in order.
   *
   * @param qualified from a name to where it is in a catalog
   */
  Map<String, String> persistent(UnaryOperator<String> qualified) {
    Set<String> known = known();
    Map<String, String> persistent = new LinkedHashMap<>();
    statements.forEach(
        (view, statement) -> {
          String body = statement.substring(statement.indexOf(" as") + " as".length());
          String text =
              READS
                  .matcher(body)
                  .replaceAll(
                      read ->
                          known.contains(read.group(1))
                              ? Matcher.quoteReplacement(
                                  read.group().substring(0, read.group().indexOf(' ') + 1)
                                      + qualified.apply(read.group(1)))
                              : Matcher.quoteReplacement(read.group()));
          persistent.put(view, "create or replace view " + qualified.apply(view) + " as" + text);
        });
    return persistent;
  }

  /** The names that a query may use, but those of the logs. */
  List<String> names() {
    return known().stream().filter(name -> !name.endsWith(LOG)).toList();
  }

  /**
   * Makes what a query needs.
   *
   * @param read makes a view of a table, told its name and the table's
   * @param run runs a statement
   */
  void make(
      String query, java.util.function.BiConsumer<String, String> read, Consumer<String> run) {
    Set<String> needed = new LinkedHashSet<>();
    String words = query.toLowerCase(Locale.ROOT);
    known().stream().filter(words::contains).forEach(name -> need(name, needed));
    needed.stream().filter(tables::containsKey).forEach(n -> read.accept(n, tables.get(n)));
    statements.forEach(
        (view, statement) -> {
          if (needed.contains(view)) {
            run.accept(statement);
          }
        });
  }

  private void need(String name, Set<String> needed) {
    if (needed.add(name) && statements.containsKey(name)) {
      reads(statements.get(name)).forEach(read -> need(read, needed));
    }
  }
}
