package dev.copyoffload.provider.forward;

import java.nio.file.Path;
import java.nio.file.WatchEvent;

/** A watch event whose context is wrapped. */
final class ForwardingWatchEvent implements WatchEvent<Path> {
  private final WatchEvent<Path> delegate;
  private final Path context;

  private ForwardingWatchEvent(WatchEvent<Path> delegate, Path context) {
    this.delegate = delegate;
    this.context = context;
  }

  /** Wraps an event; one that is not about a path, an overflow say, is handed back. */
  @SuppressWarnings("unchecked") // the type of an event is the type of its context
  static WatchEvent<?> of(PathWrapping paths, WatchEvent<?> event) {
    return event.context() instanceof Path path
        ? new ForwardingWatchEvent((WatchEvent<Path>) event, paths.wrap(path))
        : event;
  }

  @Override
  public Kind<Path> kind() {
    return delegate.kind();
  }

  @Override
  public int count() {
    return delegate.count();
  }

  @Override
  public Path context() {
    return context;
  }
}
