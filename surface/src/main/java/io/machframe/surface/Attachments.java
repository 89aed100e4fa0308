/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface;

import io.machframe.core.error.KernReturn;
import io.machframe.core.lifetime.Hold;
import io.machframe.surface.error.SurfaceException;
import io.machframe.surface.platform.SurfaceCalls;
import io.machframe.surface.plist.PropertyList;
import io.machframe.surface.property.AlphaMode;
import io.machframe.surface.property.FrameColor;
import io.machframe.surface.property.HdrMetadata;
import io.machframe.surface.property.SurfaceKey;
import io.machframe.surface.property.YCbCrMatrix;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The values attached to a surface: its name, its colours, and whatever else its users agree on. Seen at once by every
 * process that holds the surface; they never change its layout, also if they have the name of a layout key.
 *
 * <p><b>Values</b> are strings, booleans, numbers, instants (to the microsecond), bytes ({@code byte[]} or
 * {@code ByteBuffer}), and lists and maps of them. They come back as {@code String}, {@code Boolean}, {@code Long} (a whole
 * number beyond it as {@code BigInteger}, of at most 128 bits), {@code Double}, {@code Instant}, {@code ByteBuffer},
 * {@code List} and {@code Map}, all immutable.
 *
 * <p><b>Cost.</b> All values are written, or read, together at each call: attach what lasts, and send what changes with
 * each frame with the frame. On Linux all values of a surface together have space for 256 KiB as a binary property list;
 * nowhere can one call attach more than 16 MiB.
 *
 * <p><b>Death.</b> A process that is killed while it writes leaves the old values or the new ones.
 *
 * <p><b>Threads.</b> Thread-safe. After the surface is closed all throw {@link IllegalStateException}.
 */
public final class Attachments {
    private final SurfaceCalls calls;
    private final long reference;
    private final Hold hold;
    private final YCbCrMatrix usualMatrix;
    private final boolean readOnly;

    Attachments(SurfaceCalls calls, long reference, Hold hold, YCbCrMatrix usualMatrix, boolean readOnly) {
        this.calls = calls;
        this.reference = reference;
        this.hold = hold;
        this.usualMatrix = usualMatrix;
        this.readOnly = readOnly;
    }

    /** Returns these values for a user who may not change them. */
    Attachments asReadOnly() {
        return new Attachments(calls, reference, hold, usualMatrix, true);
    }

    private interface Question<T> {
        T ask() throws SurfaceException;
    }

    private interface Change {
        void make() throws SurfaceException;
    }

    private <T> T ask(Question<T> question) throws SurfaceException {
        hold.pin();
        try {
            return question.ask();
        } finally {
            hold.unpin();
        }
    }

    private void change(Change change) throws SurfaceException {
        if (readOnly) {
            throw new SurfaceException(
                    "IOSurfaceSetValue", KernReturn.KERN_NO_ACCESS, "the surface is lent for reading only");
        }
        hold.pin();
        try {
            change.make();
        } finally {
            hold.unpin();
        }
    }

    /**
     * Attaches a value in place of an older one. {@code IOSurfaceSetValue}.
     *
     * @throws IllegalArgumentException if the value is of a type that cannot be attached, nested more than 64 deep, or
     *     larger than 16 MiB
     * @throws SurfaceException if there is no space for it, or this process may only read the surface
     */
    public void set(String key, Object value) throws SurfaceException {
        Object copy = PropertyList.copyOf(value);
        change(() -> calls.setValue(reference, key, copy));
    }

    /** Attaches a value under a key of the library's, for example {@link SurfaceKey#COLOR_SPACE}; otherwise as above. */
    public void set(SurfaceKey key, Object value) throws SurfaceException {
        set(calls.text(key), value);
    }

    /** Attaches all values of a map at once and keeps the others; otherwise as {@link #set}. {@code IOSurfaceSetValues}. */
    @SuppressWarnings("unchecked") // the copy of a map is one
    public void setAll(Map<String, ?> values) throws SurfaceException {
        Map<String, Object> copy = (Map<String, Object>) PropertyList.copyOf(values);
        change(() -> calls.setValues(reference, copy));
    }

    /**
     * Returns an attached value, or nothing. {@code IOSurfaceCopyValue}.
     *
     * @throws SurfaceException {@code KERN_INVALID_VALUE} if it, or what holds all values, cannot be read as a peer wrote it
     */
    public Optional<Object> find(String key) throws SurfaceException {
        return ask(() -> calls.copyValue(reference, key));
    }

    /** Returns the value of a key of the library's, otherwise as above. */
    public Optional<Object> find(SurfaceKey key) throws SurfaceException {
        return find(calls.text(key));
    }

    /**
     * Returns all attached values but those of a peer that cannot be read, {@code IOSurfaceCopyAllValues}; otherwise as
     * {@link #find}. Those are lost when this process attaches or removes a value.
     */
    public Map<String, Object> all() throws SurfaceException {
        return Collections.unmodifiableMap(new TreeMap<>(ask(() -> calls.copyAllValues(reference))));
    }

    /** Removes a value, if there is one; otherwise as {@link #set}. {@code IOSurfaceRemoveValue}. */
    public void remove(String key) throws SurfaceException {
        change(() -> calls.removeValue(reference, key));
    }

    /** Removes all values, also if they cannot be read; otherwise as {@link #set}. {@code IOSurfaceRemoveAllValues}. */
    public void removeAll() throws SurfaceException {
        change(() -> calls.removeAllValues(reference));
    }

    /**
     * Returns the name for people who debug, {@code kIOSurfaceName}. If none was given, macOS has that of its maker's
     * program and Linux nothing.
     */
    public Optional<String> name() throws SurfaceException {
        return find(SurfaceKey.NAME).filter(String.class::isInstance).map(String.class::cast);
    }

    /** Changes the {@linkplain #name name}. */
    public void rename(String name) throws SurfaceException {
        set(SurfaceKey.NAME, name);
    }

    /** Returns the matrix of its luma and chroma: the usual one for its height if none that is known here is attached. */
    public YCbCrMatrix yCbCrMatrix() throws SurfaceException {
        return find(YCbCrMatrix.KEY).flatMap(YCbCrMatrix::ofAttachment).orElse(usualMatrix);
    }

    /** Attaches the matrix of its luma and chroma: once, since attachments last as long as the surface. */
    public void set(YCbCrMatrix matrix) throws SurfaceException {
        set(YCbCrMatrix.KEY, matrix.attachment());
    }

    /** Returns what its alpha means: {@link AlphaMode#NONE} if nothing is attached. */
    public AlphaMode alphaMode() throws SurfaceException {
        return AlphaMode.of(all());
    }

    /** Attaches what its alpha means: once, since attachments last as long as the surface. */
    public void set(AlphaMode mode) throws SurfaceException {
        setAll(mode.attachments());
    }

    /** Returns its primaries, transfer function and matrix, each unspecified if none that is known here is attached. */
    public FrameColor color() throws SurfaceException {
        return FrameColor.of(all());
    }

    /** Returns the display it was mastered on, and its light: {@link HdrMetadata#NONE} if nothing is attached. */
    public HdrMetadata hdrMetadata() throws SurfaceException {
        return HdrMetadata.of(all());
    }

    /** Attaches values and removes those of the given keys that are not among them. */
    public void replace(Set<String> keys, Map<String, ?> values) throws SurfaceException {
        Map<String, Object> present = all();
        for (String key : keys) {
            if (present.containsKey(key) && !values.containsKey(key)) {
                remove(key);
            }
        }
        if (!values.isEmpty()) {
            setAll(values);
        }
    }

    /** Returns the ICC profile of its colours, {@code kIOSurfaceICCProfile}; read-only. */
    public Optional<ByteBuffer> iccProfile() throws SurfaceException {
        return find(SurfaceKey.ICC_PROFILE).filter(ByteBuffer.class::isInstance).map(ByteBuffer.class::cast);
    }

    /** Returns how many times as bright as reference white its brightest white is, {@code kIOSurfaceContentHeadroom}. */
    public Optional<Double> contentHeadroom() throws SurfaceException {
        return find(SurfaceKey.CONTENT_HEADROOM)
                .filter(Number.class::isInstance)
                .map(number -> ((Number) number).doubleValue());
    }
}
