/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Skips a test, and says why, where the machine lacks what it needs. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresCapability.Condition.class)
public @interface RequiresCapability {
    TestCapability[] value();

    /** Asks the machine. */
    final class Condition implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            return AnnotationSupport.findAnnotation(context.getElement(), RequiresCapability.class)
                    .flatMap(Condition::missing)
                    .map(capability -> ConditionEvaluationResult.disabled(capability.reason()))
                    .orElse(ConditionEvaluationResult.enabled("all is there"));
        }

        private static Optional<TestCapability> missing(RequiresCapability needs) {
            return Arrays.stream(needs.value())
                    .filter(capability -> !capability.isThere())
                    .findFirst();
        }
    }
}
