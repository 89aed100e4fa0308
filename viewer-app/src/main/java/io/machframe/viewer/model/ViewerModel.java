/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer.model;

import io.machframe.core.error.MachException;
import io.machframe.surface.stream.StreamDescription;
import io.machframe.surface.stream.StreamDirectory;
import io.machframe.surface.stream.StreamListener;
import io.machframe.surface.stream.StreamWatch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.jspecify.annotations.Nullable;

/**
 * What the viewer knows: the streams there are, and the chosen one.
 *
 * <p><b>Threads.</b> All methods are called on, and all properties change on, the one thread on which {@code ui} runs what
 * it is given.
 */
public final class ViewerModel implements AutoCloseable {
    private final Executor ui;
    private final Map<String, StreamDescription> published = new TreeMap<>();
    private @Nullable StreamWatch watch;

    private final ObservableList<StreamItem> streams = FXCollections.observableArrayList();
    private final ObservableList<StreamItem> streamsView = FXCollections.unmodifiableObservableList(streams);
    private final ReadOnlyStringWrapper trouble = new ReadOnlyStringWrapper("");
    private final ReadOnlyObjectWrapper<@Nullable String> chosen = new ReadOnlyObjectWrapper<>();

    /** Makes a model that has nothing chosen. */
    public ViewerModel(Executor ui) {
        this.ui = ui;
    }

    /** Starts to look for streams. */
    public void start() {
        try {
            watch = StreamDirectory.watch(ui, new Changes());
        } catch (MachException | RuntimeException e) {
            trouble.set(String.valueOf(e.getMessage()));
        }
    }

    /** What is told of the list, one change at a time. */
    private final class Changes implements StreamListener {
        @Override
        public void appeared(StreamDescription stream) {
            published.put(stream.name(), stream);
            show();
        }

        @Override
        public void changed(StreamDescription before, StreamDescription now) {
            appeared(now);
        }

        @Override
        public void gone(StreamDescription stream) {
            published.remove(stream.name());
            show();
        }

        @Override
        public void failed(MachException reason) {
            trouble.set(String.valueOf(reason.getMessage()));
        }
    }

    /** Returns the streams sorted by name: those published, and the chosen one even when it is not. Not modifiable. */
    public ObservableList<StreamItem> streams() {
        return streamsView;
    }

    /** Returns why the streams cannot be listed; empty when they can. */
    public ReadOnlyStringProperty trouble() {
        return trouble.getReadOnlyProperty();
    }

    /** Returns the name of the chosen stream, null when there is none. */
    public ReadOnlyObjectProperty<@Nullable String> chosen() {
        return chosen.getReadOnlyProperty();
    }

    /** Chooses the stream to show. The name need not be published yet. Choosing what is chosen does nothing. */
    public void choose(String name) {
        if (name.equals(chosen.get())) {
            return;
        }
        if (streams.stream().noneMatch(item -> item.name().equals(name))) {
            streams.add(placeOf(name), StreamItem.absent(name));
        }
        chosen.set(name);
        show();
    }

    /** Stops looking for streams. */
    @Override
    public void close() {
        if (watch != null) {
            watch.close();
        }
    }

    private int placeOf(String name) {
        return (int)
                streams.stream().filter(item -> item.name().compareTo(name) < 0).count();
    }

    private void show() {
        List<StreamItem> wanted = new ArrayList<>();
        published.values().forEach(stream -> wanted.add(StreamItem.of(stream)));
        String name = chosen.get();
        if (name != null && wanted.stream().noneMatch(item -> item.name().equals(name))) {
            wanted.add(StreamItem.absent(name));
        }
        wanted.sort(Comparator.comparing(StreamItem::name));
        change(wanted);
    }

    /** Changes as few lines as possible, and never removes the chosen one: a list control keeps its selection so. */
    private void change(List<StreamItem> wanted) {
        Set<String> names = wanted.stream().map(StreamItem::name).collect(Collectors.toSet());
        streams.removeIf(item -> !names.contains(item.name()));
        for (int i = 0; i < wanted.size(); i++) {
            StreamItem item = wanted.get(i);
            if (i == streams.size() || !streams.get(i).name().equals(item.name())) {
                streams.add(i, item);
            } else if (!streams.get(i).equals(item)) {
                streams.set(i, item);
            }
        }
    }
}
