package io.millrace.table;

import java.io.IOException;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;

/**
 * While it is open, a Hadoop configuration that this thread makes is empty. Kernel's Parquet writer
 * makes one per file, of which it uses nothing, and reading Hadoop's files of defaults costs more
 * than writing a small file: three quarters of the processor time of a commit to a small table.
 */
final class WithoutDefaults implements AutoCloseable {

  private static final ClassLoader BARE = new Bare(WithoutDefaults.class.getClassLoader());

  private final ClassLoader before = Thread.currentThread().getContextClassLoader();

  WithoutDefaults() {
    Thread.currentThread().setContextClassLoader(BARE);
  }

  @Override
  public void close() {
    Thread.currentThread().setContextClassLoader(before);
  }

  /** Has all classes of its parent, and none of its settings. */
  private static final class Bare extends ClassLoader {
    Bare(ClassLoader parent) {
      super(parent);
    }

    @Override
    public URL getResource(String name) {
      return name.endsWith(".xml") ? null : super.getResource(name);
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
      return name.endsWith(".xml") ? Collections.emptyEnumeration() : super.getResources(name);
    }
  }
}
