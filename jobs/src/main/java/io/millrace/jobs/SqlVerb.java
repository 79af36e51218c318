package io.millrace.jobs;

import io.millrace.SpecException;
import io.millrace.jobs.console.Console;
import io.millrace.table.Lake;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Answers a query. A table of the lake is a view whose name has underscores for slashes and
 * hyphens: {@code predictions/adult-income} is {@code predictions_adult_income}; of a table that is
 * only added to, what holds now ({@link LakeViews}).
 */
final class SqlVerb {

  private static final int LIMIT = 1000;

  private SqlVerb() {}

  static int run(String query, Lake lake, Console console) {
    LakeViews views = LakeViews.of(lake);
    views.make(
        query,
        (view, table) -> lake.latest(table).orElseThrow().read().createOrReplaceTempView(view),
        lake.spark()::sql);
    Dataset<Row> answer;
    List<Row> rows;
    try {
      answer = lake.spark().sql(query);
      rows = answer.takeAsList(LIMIT + 1);
    } catch (Exception e) {
      if (e instanceof org.apache.spark.sql.AnalysisException) {
        throw new SpecException(
            "sql: "
                + e.getMessage().lines().findFirst().orElse("")
                + "\ntables: "
                + (views.names().isEmpty() ? "none yet" : String.join(", ", views.names())),
            e);
      }
      throw e;
    }
    List<List<Object>> cells = new ArrayList<>();
    for (Row row : rows.subList(0, Math.min(LIMIT, rows.size()))) {
      List<Object> line = new ArrayList<>();
      for (int i = 0; i < row.size(); i++) {
        line.add(plain(row.get(i)));
      }
      cells.add(line);
    }
    console.table(List.of(answer.columns()), cells);
    if (rows.size() > LIMIT) {
      console.info("the first " + LIMIT + " rows; add a limit or an aggregate to see others");
    }
    return 0;
  }

  /** Spark's rows as maps by name, its sequences as lists, its bytes as hexadecimal digits. */
  private static Object plain(Object value) {
    if (value instanceof Row struct) {
      Map<String, Object> fields = new LinkedHashMap<>();
      for (int i = 0; i < struct.size(); i++) {
        fields.put(struct.schema().fieldNames()[i], plain(struct.get(i)));
      }
      return fields;
    } else if (value instanceof scala.collection.Map<?, ?> map) {
      Map<Object, Object> entries = new LinkedHashMap<>();
      CollectionConverters.asJava(map).forEach((key, held) -> entries.put(plain(key), plain(held)));
      return entries;
    } else if (value instanceof scala.collection.Iterable<?> items) {
      List<Object> held = new ArrayList<>();
      CollectionConverters.asJava(items).forEach(item -> held.add(plain(item)));
      return held;
    }
    return value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : value;
  }

  static String view(String table) {
    return table.replace('/', '_').replace('-', '_').toLowerCase(Locale.ROOT);
  }
}
