package io.millrace.table;

import io.delta.kernel.DataWriteContext;
import io.delta.kernel.Transaction;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.expressions.Literal;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterable;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.DataFileStatus;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A table of facts that is only added to, written and read by Kernel without Spark: {@code runs},
 * {@code models}, {@code metrics}… Partitioned by {@code pipeline}, so a command reads its own
 * pipeline's files.
 */
public final class SmallTable {

  static final String PARTITION = "pipeline";

  private final Lake lake;
  private final TableDefinition definition;

  public SmallTable(Lake lake, TableDefinition definition) {
    this.lake = lake;
    this.definition = definition;
  }

  public String name() {
    return definition.name();
  }

  /** All rows of a pipeline at the newest version; none where the table isn't there yet. */
  public List<Map<String, Object>> rows(String pipeline) {
    return lake.latest(definition.name())
        .map(table -> table.rows(PARTITION, pipeline))
        .orElse(List.of());
  }

  /** All rows at the newest version. */
  public List<Map<String, Object>> rows() {
    return lake.latest(definition.name()).map(PinnedTable::rows).orElse(List.of());
  }

  /** The newest version; -1 where the table isn't there yet. */
  public long version() {
    return lake.latest(definition.name()).map(PinnedTable::version).orElse(-1L);
  }

  /**
   * Adds rows of one pipeline exactly once per token: a second call with the token changes nothing.
   *
   * @param token a run id
   * @return the version written; empty where the token's rows are in already
   */
  public Optional<Long> append(String pipeline, String token, List<? extends Map<String, ?>> rows) {
    return rows.isEmpty() ? Optional.empty() : commit(pipeline, token, 1L, rows, Optional.empty());
  }

  /**
   * Adds the rows of a run, or the mark that it had none, so that {@link #holds} knows it is done.
   *
   * @return the version written; empty where the token is in already
   */
  public Optional<Long> record(String pipeline, String token, List<? extends Map<String, ?>> rows) {
    return commit(pipeline, token, 1L, rows, Optional.empty());
  }

  /**
   * Marks a token, without rows. A mark only grows.
   *
   * @param value from 1 on
   * @return the version written; empty where the mark has that value already, or a higher one
   */
  public Optional<Long> mark(String pipeline, String token, long value) {
    return commit(pipeline, token, value, List.of(), Optional.empty());
  }

  /** The value of a token's mark; 1 where its rows are in; 0 where nothing is. */
  public long marked(String token) {
    return lake.latest(definition.name()).map(table -> table.counter(token)).orElse(0L);
  }

  /** Whether the rows of a token are in, or the mark that it had none. */
  public boolean holds(String token) {
    return marked(token) > 0;
  }

  /**
   * Adds rows only where the table still is at the version that was read.
   *
   * @return the version written; empty where somebody else wrote in between
   */
  public Optional<Long> appendAt(
      String pipeline, long readVersion, String token, List<? extends Map<String, ?>> rows) {
    return rows.isEmpty()
        ? Optional.empty()
        : commit(pipeline, token, 1L, rows, Optional.of(readVersion));
  }

  private Optional<Long> commit(
      String pipeline,
      String token,
      long counter,
      List<? extends Map<String, ?>> rows,
      Optional<Long> readVersion) {
    TableCreation.ensure(lake, definition);
    return new TokenCommit(
            lake,
            definition.name(),
            token,
            counter,
            transaction -> write(transaction, pipeline, rows))
        .run(readVersion);
  }

  /** Files of rows, and the actions that add them; nothing is committed. */
  CloseableIterable<Row> write(
      Transaction transaction, String pipeline, List<? extends Map<String, ?>> rows)
      throws IOException {
    if (rows.isEmpty()) {
      return CloseableIterable.emptyIterable();
    }
    Engine engine = lake.engine();
    Row state = transaction.getTransactionState(engine);
    StructType schema = transaction.getSchema(engine);
    FilteredColumnarBatch batch = RowVectors.batch(schema, rows);
    Map<String, Literal> partition = Map.of(PARTITION, Literal.ofString(pipeline));
    CloseableIterator<FilteredColumnarBatch> physical =
        Transaction.transformLogicalData(
            engine, state, Utils.singletonCloseableIterator(batch), partition);
    DataWriteContext context = Transaction.getWriteContext(engine, state, partition);
    try (WithoutDefaults ignored = new WithoutDefaults()) {
      CloseableIterator<DataFileStatus> files =
          engine
              .getParquetHandler()
              .writeParquetFiles(
                  context.getTargetDirectory(), physical, context.getStatisticsColumns());
      return CloseableIterable.inMemoryIterable(
          Transaction.generateAppendActions(engine, state, files, context));
    }
  }
}
