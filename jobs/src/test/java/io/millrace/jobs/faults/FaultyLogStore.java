package io.millrace.jobs.faults;

import io.delta.storage.CloseableIterator;
import io.delta.storage.LocalLogStore;
import io.delta.storage.LogStore;
import io.millrace.table.HardLinkLogStore;
import java.io.IOException;
import java.util.Iterator;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/** Our log store as a process uses it whom {@link Faults} befall. */
public final class FaultyLogStore extends LogStore {

  private final HardLinkLogStore store;

  /** Lists by way of {@link FaultyFiles}, whose lists may be stale; ours asks the disk itself. */
  private final LocalLogStore listing;

  /** Called by Delta and by Kernel. */
  public FaultyLogStore(Configuration configuration) {
    super(configuration);
    this.store = new HardLinkLogStore(configuration);
    this.listing = new LocalLogStore(configuration);
  }

  private static Faults of(Path path) {
    return Faults.of(path.toUri().getAuthority());
  }

  @Override
  public CloseableIterator<String> read(Path path, Configuration configuration) throws IOException {
    of(path).requireAlive();
    return store.read(path, configuration);
  }

  @Override
  public void write(
      Path path, Iterator<String> actions, Boolean overwrite, Configuration configuration)
      throws IOException {
    of(path)
        .step(
            "commit",
            () -> {
              store.write(path, actions, overwrite, configuration);
              return true;
            });
  }

  @Override
  public Iterator<FileStatus> listFrom(Path path, Configuration configuration) throws IOException {
    of(path).requireAlive();
    return listing.listFrom(path, configuration);
  }

  @Override
  public Path resolvePathOnPhysicalStorage(Path path, Configuration configuration)
      throws IOException {
    return store.resolvePathOnPhysicalStorage(path, configuration);
  }

  @Override
  public Boolean isPartialWriteVisible(Path path, Configuration configuration) throws IOException {
    return store.isPartialWriteVisible(path, configuration);
  }
}
