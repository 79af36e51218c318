package io.millrace.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delta.kernel.Operation;
import io.delta.kernel.Table;
import io.delta.kernel.Transaction;
import io.delta.kernel.TransactionCommitResult;
import io.delta.kernel.commit.CommitFailedException;
import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.internal.json.JsonUtils;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.exceptions.ConcurrentTransactionException;
import io.delta.kernel.exceptions.KernelEngineException;
import io.delta.kernel.exceptions.MaxCommitRetryLimitReachedException;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterable;
import io.delta.kernel.utils.CloseableIterator;
import io.millrace.UnavailableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A commit of rows by Kernel under a token, which is in once at most.
 *
 * <p>Kernel tries one version once here. Of its own it would try 200 times whatever went wrong,
 * atop of the tries that a store's client makes, and couldn't tell its own commit, whose answer was
 * lost, from another's. So after any fault the commit's file is read: one that holds our token and
 * names our files is ours; another one is a lost race, and the next version is tried; none means
 * that the store fails.
 */
final class TokenCommit {

  /** Each lost race is another process' commit, so many can be lost only to as many writers. */
  private static final int TRIES = 200;

  private final Lake lake;
  private final String table;
  private final String token;
  private final long counter;
  private final Content content;
  private Optional<Written> written = Optional.empty();

  /** Writes the files of a commit, and gives the actions that add them. */
  @FunctionalInterface
  interface Content {
    /** Writes by the schema of a transaction; nothing is committed. */
    CloseableIterable<Row> write(Transaction transaction) throws IOException;
  }

  /** Files that were written by a schema; a lost race doesn't change them. */
  private record Written(StructType schema, CloseableIterable<Row> actions) {}

  TokenCommit(Lake lake, String table, String token, long counter, Content content) {
    this.lake = lake;
    this.table = table;
    this.token = token;
    this.counter = counter;
    this.content = content;
  }

  /**
   * Commits.
   *
   * @param readVersion the version that the commit must follow; empty where any will do
   * @return the version written; empty where the token is in already, or where the table isn't at
   *     the version to follow any more
   * @throws UnavailableException where the store fails; the commit may be in or not
   */
  Optional<Long> run(Optional<Long> readVersion) {
    try {
      for (int i = 0; i < TRIES; i++) {
        Transaction transaction = begin();
        long read = transaction.getReadTableVersion();
        if (readVersion.isPresent() && read != readVersion.get()) {
          return Optional.empty();
        }
        if (commit(transaction)) {
          return Optional.of(read + 1);
        }
      }
    } catch (ConcurrentTransactionException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw failed(e, e);
    } catch (UncheckedIOException | KernelEngineException e) {
      Throwable cause = e;
      while (cause != null && !(cause instanceof IOException)) {
        cause = cause.getCause();
      }
      if (cause == null) {
        throw e;
      }
      throw failed(e, cause);
    }
    throw new UnavailableException(table + ": other processes kept writing it; try again");
  }

  private Transaction begin() {
    Engine engine = lake.engine();
    return Table.forPath(engine, lake.path(table).toString())
        .createTransactionBuilder(engine, "Millrace", Operation.WRITE)
        .withTransactionId(engine, token, counter)
        .withMaxRetries(0)
        .build(engine);
  }

  /** Whether it is in; else another's commit is. */
  private boolean commit(Transaction transaction) throws IOException {
    Engine engine = lake.engine();
    StructType schema = transaction.getSchema(engine);
    if (written.filter(files -> files.schema().equals(schema)).isEmpty()) {
      written = Optional.of(new Written(schema, content.write(transaction)));
    }
    try {
      checkpoint(engine, transaction.commit(engine, written.get().actions()));
      return true;
    } catch (MaxCommitRetryLimitReachedException e) {
      return isIn(transaction.getReadTableVersion() + 1, e);
    }
  }

  private boolean isIn(long version, MaxCommitRetryLimitReachedException fault) throws IOException {
    Optional<List<ObjectNode>> there =
        LogActions.read(lake, Lake.commit(lake.path(table), version));
    boolean lost = fault.getCause() instanceof CommitFailedException told && told.isConflict();
    if (there.isEmpty() && !lost) {
      Throwable told = fault.getCause() == null ? fault : fault.getCause();
      throw failed(fault, told.getCause() == null ? told : told.getCause());
    }
    return there.isPresent() && isOurs(there.get());
  }

  private boolean isOurs(List<ObjectNode> commit) throws IOException {
    boolean marked = false;
    Set<String> added = new HashSet<>();
    for (JsonNode action : commit) {
      JsonNode txn = action.path("txn");
      marked |= token.equals(txn.path("appId").asText()) && txn.path("version").asLong() == counter;
      added.add(action.at("/add/path").asText());
    }
    return marked && added.containsAll(files());
  }

  /** The names that the log has for our files, which are random. */
  private Set<String> files() throws IOException {
    Set<String> files = new HashSet<>();
    try (CloseableIterator<Row> rows = written.orElseThrow().actions().iterator()) {
      while (rows.hasNext()) {
        JsonNode action = LogActions.JSON.readTree(JsonUtils.rowToJson(rows.next()));
        files.add(action.at("/add/path").asText());
      }
    }
    return files;
  }

  private UnavailableException failed(Exception fault, Throwable cause) {
    String said = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
    return new UnavailableException(
        "%s: can't be written: %s; the same command again finds out whether it was"
            .formatted(table, said),
        fault);
  }

  private static void checkpoint(Engine engine, TransactionCommitResult result) {
    result
        .getPostCommitHooks()
        .forEach(
            hook -> {
              try {
                hook.threadSafeInvoke(engine);
              } catch (IOException | RuntimeException e) {
                // A checkpoint only makes later reads faster; the commit stands without it.
                System.getLogger(TokenCommit.class.getName())
                    .log(System.Logger.Level.DEBUG, "no checkpoint", e);
              }
            });
  }
}
