/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.testing;

import java.text.MessageFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Collects what a class logs, instead of letting it be printed. */
public final class LogCapture extends Handler implements AutoCloseable {
    private final Logger logger;
    private final List<String> messages = new CopyOnWriteArrayList<>();

    public LogCapture(Class<?> source) {
        logger = Logger.getLogger(source.getName());
        logger.setUseParentHandlers(false);
        logger.addHandler(this);
    }

    /** Returns what was logged so far, with its parameters filled in. */
    public List<String> messages() {
        return messages;
    }

    @Override
    public void publish(LogRecord message) {
        Object[] parameters = message.getParameters();
        String text = message.getMessage();
        messages.add(parameters == null || parameters.length == 0 ? text : MessageFormat.format(text, parameters));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
        logger.setUseParentHandlers(true);
    }
}
