package io.millrace.table;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.parser.ParseException;
import org.apache.spark.sql.delta.OptimisticTransaction;
import org.apache.spark.sql.delta.actions.AddFile;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * What a transaction reads of its table. Each read is registered with the transaction, so that a
 * writer in between makes it fail; the answer comes from the pin where that is of the same version,
 * since Delta's own runs a Spark query over the log for each.
 */
final class TransactionReads {

  private final Lake lake;
  private final TableDefinition definition;
  private final OptimisticTransaction transaction;
  private final Optional<PinnedTable> pinned;

  TransactionReads(Lake lake, TableDefinition definition, OptimisticTransaction transaction) {
    this.lake = lake;
    this.definition = definition;
    this.transaction = transaction;
    this.pinned =
        lake.latest(definition.name())
            .filter(table -> table.version() == transaction.snapshot().version());
  }

  /** A counter; 0 where it has never moved. */
  long counter(String id) {
    if (pinned.isEmpty()) {
      return Math.max(0, transaction.txnVersion(id));
    }
    transaction.readTxn().addOne(id);
    return pinned.get().counter(id);
  }

  /** The live files of partitions whose column is a date. */
  List<AddFile> files(Collection<String> dates) {
    String column = definition.partitionBy().orElseThrow();
    Seq<Expression> predicate = predicate(column, dates);
    if (pinned.isEmpty() || pinned.get().logFiles().stream().anyMatch(DataFile::vector)) {
      return CollectionConverters.asJava(transaction.filterFiles(predicate, false));
    }
    transaction.trackReadPredicates(predicate, false, true);
    List<AddFile> files =
        pinned.get().logFiles().stream()
            .filter(file -> dates.contains(file.partition().get(column)))
            .map(PinnedFileIndex::add)
            .toList();
    transaction.trackFilesRead(CollectionConverters.asScala(files).toSeq());
    return files;
  }

  private Seq<Expression> predicate(String column, Collection<String> dates) {
    String list = dates.stream().map(d -> "DATE'" + d + "'").collect(Collectors.joining(", "));
    String text = "`" + column + "` IN (" + list + ")";
    try {
      Expression parsed =
          ((org.apache.spark.sql.classic.SparkSession) lake.spark())
              .sessionState()
              .sqlParser()
              .parseExpression(text);
      return CollectionConverters.asScala(List.of(parsed)).toSeq();
    } catch (ParseException e) {
      throw new IllegalStateException(text, e);
    }
  }
}
