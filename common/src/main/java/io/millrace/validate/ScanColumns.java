package io.millrace.validate;

import io.millrace.Nearest;
import io.millrace.SpecException;
import io.millrace.table.Columns;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The one select of a scan: measured columns first, then what checks compute. */
final class ScanColumns {

  private final StructType measured;
  private final Map<String, Integer> positions = new LinkedHashMap<>();
  private final List<Column> columns = new ArrayList<>();

  ScanColumns(StructType measured) {
    this.measured = measured;
    for (StructField field : measured.fields()) {
      positions.put(field.name(), columns.size());
      columns.add(Columns.named(field.name()));
    }
  }

  /** The measured columns. */
  StructType measured() {
    return measured;
  }

  /**
   * A measured column.
   *
   * @param place where the name was written, for the message
   * @throws SpecException if there is none of this name
   */
  Cell cell(String name, String place) {
    Integer position = positions.get(name);
    if (position == null) {
      String mend = Nearest.mend(name, positions.keySet(), "columns");
      throw new SpecException("%s: no column %s; %s".formatted(place, name, mend));
    }
    return new Cell(name, position, measured.fields()[position].dataType());
  }

  List<Cell> cells(List<String> names, String place) {
    return names.stream().map(name -> cell(name, place)).toList();
  }

  /** Adds a column; its position. */
  int add(Column column) {
    columns.add(column);
    return columns.size() - 1;
  }

  /** The position of a column as a text: its own, or that of a cast. */
  int text(Cell cell) {
    return cell.isText() ? cell.position() : add(Columns.named(cell.name()).cast("string"));
  }

  Dataset<Row> select(Dataset<Row> rows) {
    List<Column> named = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      named.add(columns.get(i).as("c" + i));
    }
    return rows.select(named.toArray(Column[]::new));
  }
}
