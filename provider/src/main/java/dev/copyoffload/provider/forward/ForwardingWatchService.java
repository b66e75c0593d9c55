package dev.copyoffload.provider.forward;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A watch service that always hands out the same key for the same key of its delegate. */
final class ForwardingWatchService implements WatchService {
  private final PathWrapping paths;
  private final WatchService delegate;

  // Both ends weak: a wrapped key refers to its delegate, so a strong value would keep its own map
  // key alive, and directories that are watched no more would pile up. A key that nobody holds may
  // be wrapped anew: nobody can tell.
  private final Map<WatchKey, WeakReference<WatchKey>> keys = new WeakHashMap<>();

  ForwardingWatchService(PathWrapping paths, WatchService delegate) {
    this.paths = paths;
    this.delegate = delegate;
  }

  WatchService delegate() {
    return delegate;
  }

  WatchKey wrap(WatchKey raw) {
    synchronized (keys) {
      WeakReference<WatchKey> reference = keys.get(raw);
      WatchKey key = reference == null ? null : reference.get();
      if (key == null) {
        key = new ForwardingWatchKey(paths, raw);
        keys.put(raw, new WeakReference<>(key));
      }
      return key;
    }
  }

  private @Nullable WatchKey wrapNullable(@Nullable WatchKey raw) {
    return raw == null ? null : wrap(raw);
  }

  @Override
  public @Nullable WatchKey poll() {
    return wrapNullable(delegate.poll());
  }

  @Override
  public @Nullable WatchKey poll(long timeout, TimeUnit unit) throws InterruptedException {
    return wrapNullable(delegate.poll(timeout, unit));
  }

  @Override
  public WatchKey take() throws InterruptedException {
    return wrap(delegate.take());
  }

  @Override
  public void close() throws IOException {
    delegate.close();
  }
}
