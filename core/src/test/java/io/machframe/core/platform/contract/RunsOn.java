/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.contract;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The platform that a class runs contracts on, its nested classes included. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@interface RunsOn {
    Class<? extends MachTasks> value();
}
