package dev.copyoffload.provider.forward;

import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.Watchable;
import java.util.ArrayList;
import java.util.List;

/** A watch key whose events and watched object are wrapped. */
final class ForwardingWatchKey implements WatchKey {
  private final PathWrapping paths;
  private final WatchKey delegate;

  ForwardingWatchKey(PathWrapping paths, WatchKey delegate) {
    this.paths = paths;
    this.delegate = delegate;
  }

  @Override
  public boolean isValid() {
    return delegate.isValid();
  }

  @Override
  public List<WatchEvent<?>> pollEvents() {
    List<WatchEvent<?>> raw = delegate.pollEvents();
    List<WatchEvent<?>> events = new ArrayList<>(raw.size());
    for (WatchEvent<?> event : raw) {
      events.add(ForwardingWatchEvent.of(paths, event));
    }
    return events;
  }

  @Override
  public boolean reset() {
    return delegate.reset();
  }

  @Override
  public void cancel() {
    delegate.cancel();
  }

  @Override
  public Watchable watchable() {
    Watchable watchable = delegate.watchable();
    return watchable instanceof Path path ? paths.wrap(path) : watchable;
  }
}
