package io.millrace.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delta.kernel.defaults.internal.logstore.LogStoreProvider;
import io.delta.storage.LogStore;
import io.millrace.UnavailableException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.hadoop.fs.Path;

/**
 * The first version of a table, written as the Delta protocol says: protocol and metadata, put if
 * absent. Neither engine can do all of it: Kernel knows no description and refuses properties of
 * Spark's, and Spark takes a second and can lose a race.
 */
final class TableCreation {

  private TableCreation() {}

  /**
   * Makes the table where there is none; of two at once one wins and both go on. On a branch a
   * table of main becomes the branch's.
   */
  static void ensure(Lake lake, TableDefinition definition) {
    if (TableClone.ensure(lake, definition.name())) {
      return;
    }
    Path log = new Path(lake.path(definition.name()), "_delta_log");
    Path first = new Path(log, "00000000000000000000.json");
    try {
      // A second beginning before what is left of a log would make it unreadable.
      if (lake.hasLog(definition.name())) {
        return;
      }
      lake.files().mkdirs(log);
      LogStore store = LogStoreProvider.getLogStore(lake.hadoop(), first.toUri().getScheme());
      JsonNode protocol = protocol();
      JsonNode metadata = metadata(definition);
      JsonNode info = info();
      List<String> actions = new ArrayList<>();
      for (JsonNode action : List.of(info, protocol, metadata)) {
        actions.add(LogActions.JSON.writeValueAsString(action));
      }
      store.write(first, actions.iterator(), false, lake.hadoop());
      Path sums = new Path(log, "00000000000000000000.crc");
      String transaction = info.at("/commitInfo/txnId").asText();
      String text = LogActions.JSON.writeValueAsString(checksum(transaction, protocol, metadata));
      store.write(sums, List.of(text).iterator(), true, lake.hadoop());
    } catch (FileAlreadyExistsException e) {
      // Another process made it between our look and our write: the same table.
    } catch (IOException e) {
      throw new UnavailableException(definition.name() + ": can't be made: " + e.getMessage(), e);
    }
  }

  private static ObjectNode info() {
    ObjectNode action = LogActions.info("CREATE TABLE");
    ((ObjectNode) action.get("commitInfo")).put("isBlindAppend", true);
    return action;
  }

  private static ObjectNode protocol() {
    ObjectNode protocol = LogActions.JSON.createObjectNode();
    protocol.putObject("protocol").put("minReaderVersion", 1).put("minWriterVersion", 2);
    return protocol;
  }

  /** What the version comes to, which spares each first writer a Spark query over the log. */
  private static ObjectNode checksum(String transaction, JsonNode protocol, JsonNode metadata) {
    ObjectNode sums = LogActions.JSON.createObjectNode();
    sums.put("txnId", transaction);
    sums.put("tableSizeBytes", 0);
    sums.put("numFiles", 0);
    sums.put("numMetadata", 1);
    sums.put("numProtocol", 1);
    sums.putArray("setTransactions");
    sums.putArray("domainMetadata");
    sums.set("metadata", metadata.get("metaData"));
    sums.set("protocol", protocol.get("protocol"));
    sums.putArray("allFiles");
    return sums;
  }

  private static ObjectNode metadata(TableDefinition definition) {
    ObjectNode action = LogActions.JSON.createObjectNode();
    ObjectNode metadata = action.putObject("metaData");
    metadata.put("id", UUID.randomUUID().toString());
    metadata.put("name", definition.name());
    metadata.put("description", definition.description());
    metadata.putObject("format").put("provider", "parquet").putObject("options");
    metadata.put("schemaString", definition.schema().json());
    ArrayNode partitions = metadata.putArray("partitionColumns");
    definition.partitionBy().ifPresent(partitions::add);
    ObjectNode configuration = metadata.putObject("configuration");
    definition.properties().forEach(configuration::put);
    metadata.put("createdTime", Instant.now().toEpochMilli());
    return action;
  }
}
