/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.darwin;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.error.KernReturn;
import io.machframe.core.platform.BootstrapCalls;
import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MessageLayout;
import io.machframe.core.testing.abi.AbiTable;
import io.machframe.core.testing.abi.Arch;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The numbers that cross the seam, against those that a compiler found in Apple's headers. */
final class DarwinNumbersTest {
    /** What is called otherwise in C. */
    private static final Map<String, String> IN_C = Map.of(
            "MACH_RCV_TRAILER_AUDIT_BITS", "MACH_RCV_TRAILER_ELEMENTS(MACH_RCV_TRAILER_AUDIT)",
            "MACH_RCV_TRAILER_CTX_BITS", "MACH_RCV_TRAILER_ELEMENTS(MACH_RCV_TRAILER_CTX)",
            "IO_RETURN_CANNOT_LOCK", "kIOReturnCannotLock");

    /** What no header of the SDK states: the kernel's own limit, and the order of words that libbsm gives out. */
    private static final Set<String> IN_NO_HEADER = Set.of(
            "MACH_PORT_UREFS_MAX",
            "AUDIT_EUID",
            "AUDIT_EGID",
            "AUDIT_RUID",
            "AUDIT_RGID",
            "AUDIT_PID",
            "AUDIT_SESSION",
            "AUDIT_PID_VERSION");

    private static final Map<String, ToIntFunction<AbiTable>> MESSAGE = Map.ofEntries(
            entry("BITS", offset("mach_msg_header_t", "msgh_bits")),
            entry("SIZE", offset("mach_msg_header_t", "msgh_size")),
            entry("REMOTE_PORT", offset("mach_msg_header_t", "msgh_remote_port")),
            entry("LOCAL_PORT", offset("mach_msg_header_t", "msgh_local_port")),
            entry("VOUCHER_PORT", offset("mach_msg_header_t", "msgh_voucher_port")),
            entry("ID", offset("mach_msg_header_t", "msgh_id")),
            entry("HEADER_SIZE", size("mach_msg_header_t")),
            entry("BITS_REMOTE_MASK", constant("MACH_MSGH_BITS_REMOTE_MASK")),
            entry("BITS_LOCAL_MASK", constant("MACH_MSGH_BITS_LOCAL_MASK")),
            entry("BITS_VOUCHER_MASK", constant("MACH_MSGH_BITS_VOUCHER_MASK")),
            entry("BITS_COMPLEX", constant("MACH_MSGH_BITS_COMPLEX")),
            entry("BITS_USER", constant("MACH_MSGH_BITS_USER")),
            entry("DESCRIPTOR_COUNT", offset("mach_msg_base_t", "body")),
            entry("DESCRIPTORS", size("mach_msg_base_t")),
            entry("PORT_DESCRIPTOR_SIZE", size("mach_msg_port_descriptor_t")),
            entry("OOL_DESCRIPTOR_SIZE", size("mach_msg_ool_descriptor_t")),
            entry("DESCRIPTOR_NAME", offset("mach_msg_port_descriptor_t", "name")),
            entry("DESCRIPTOR_DISPOSITION", offset("mach_msg_port_descriptor_t", "disposition")),
            entry("DESCRIPTOR_TYPE", offset("mach_msg_port_descriptor_t", "type")),
            entry("OOL_ADDRESS", offset("mach_msg_ool_descriptor_t", "address")),
            entry("OOL_DEALLOCATE", offset("mach_msg_ool_descriptor_t", "deallocate")),
            entry("OOL_COPY", offset("mach_msg_ool_descriptor_t", "copy")),
            entry("OOL_SIZE", offset("mach_msg_ool_descriptor_t", "size")),
            entry("GUARDED_NAME", offset("mach_msg_guarded_port_descriptor_t", "name")),
            entry("GUARD_FLAGS", offset("mach_msg_guarded_port_descriptor_t", "flags")),
            entry("TYPE_PORT", constant("MACH_MSG_PORT_DESCRIPTOR")),
            entry("TYPE_OOL", constant("MACH_MSG_OOL_DESCRIPTOR")),
            entry("TYPE_OOL_PORTS", constant("MACH_MSG_OOL_PORTS_DESCRIPTOR")),
            entry("TYPE_OOL_VOLATILE", constant("MACH_MSG_OOL_VOLATILE_DESCRIPTOR")),
            entry("TYPE_GUARDED_PORT", constant("MACH_MSG_GUARDED_PORT_DESCRIPTOR")),
            entry("TRAILER_TYPE", offset("mach_msg_max_trailer_t", "msgh_trailer_type")),
            entry("TRAILER_SIZE", offset("mach_msg_max_trailer_t", "msgh_trailer_size")),
            entry("TRAILER_SEQNO", offset("mach_msg_max_trailer_t", "msgh_seqno")),
            entry("TRAILER_UID", offset("mach_msg_max_trailer_t", "msgh_sender")),
            entry("TRAILER_GID", table -> table.offset("mach_msg_max_trailer_t", "msgh_sender") + Integer.BYTES),
            entry("TRAILER_AUDIT", offset("mach_msg_max_trailer_t", "msgh_audit")),
            entry("TRAILER_CONTEXT", offset("mach_msg_max_trailer_t", "msgh_context")),
            entry("MAX_TRAILER_SIZE", size("mach_msg_max_trailer_t")));

    private static final Map<String, ToIntFunction<AbiTable>> PORT_OPTIONS = Map.of(
            "FLAGS", offset("mach_port_options_t", "flags"),
            "QUEUE_LIMIT", offset("mach_port_options_t", "mpl"),
            "RESERVED", offset("mach_port_options_t", "reserved"),
            "SIZE", size("mach_port_options_t"));

    private static ToIntFunction<AbiTable> offset(String struct, String field) {
        return table -> table.offset(struct, field);
    }

    private static ToIntFunction<AbiTable> size(String struct) {
        return table -> table.size(struct);
    }

    private static ToIntFunction<AbiTable> constant(String name) {
        return table -> table.constant(name).orElseThrow().intValue();
    }

    /** Compares the int constants of {@code classes} with what C has under their names. */
    private static void compare(Function<String, Optional<Integer>> inC, Class<?>... classes) throws Exception {
        Map<String, Optional<Integer>> expected = new TreeMap<>();
        Map<String, Optional<Integer>> actual = new TreeMap<>();
        for (Field field : intConstants(classes)) {
            expected.put(field.getName(), inC.apply(field.getName()));
            actual.put(field.getName(), Optional.of(field.getInt(null)));
        }
        assertFalse(actual.isEmpty());
        assertEquals(expected, actual);
    }

    private static List<Field> intConstants(Class<?>... classes) {
        return Arrays.stream(classes)
                .flatMap(type -> Arrays.stream(type.getDeclaredFields()))
                .filter(field -> field.getType() == int.class && Modifier.isStatic(field.getModifiers()))
                .filter(field -> !Modifier.isPrivate(field.getModifiers()))
                .filter(field -> !IN_NO_HEADER.contains(field.getName()))
                .toList();
    }

    private static Function<String, Optional<Integer>> in(Map<String, ToIntFunction<AbiTable>> places, AbiTable table) {
        return name -> Optional.ofNullable(places.get(name)).map(place -> place.applyAsInt(table));
    }

    @ParameterizedTest
    @EnumSource
    void everyConstantHasTheValueOfItsNamesakeInC(Arch arch) throws Exception {
        AbiTable table = AbiTable.of(arch);

        compare(
                name -> table.constant(IN_C.getOrDefault(name, name)).map(Long::intValue),
                Mach.class,
                KernReturn.class);
    }

    @ParameterizedTest
    @EnumSource
    void everyPartOfAMessageLiesWhereCHasIt(Arch arch) throws Exception {
        compare(in(MESSAGE, AbiTable.of(arch)), MessageLayout.class);
    }

    @ParameterizedTest
    @EnumSource
    void anArrayOfNamesIsDescribedAsMemoryIs(Arch arch) {
        AbiTable table = AbiTable.of(arch);

        for (String field : List.of("address", "deallocate", "copy", "type")) {
            assertEquals(
                    table.offset("mach_msg_ool_descriptor_t", field),
                    table.offset("mach_msg_ool_ports_descriptor_t", field),
                    field);
        }
        assertEquals(MessageLayout.OOL_SIZE, table.offset("mach_msg_ool_ports_descriptor_t", "count"));
        assertEquals(
                MessageLayout.DESCRIPTOR_DISPOSITION, table.offset("mach_msg_ool_ports_descriptor_t", "disposition"));
        assertEquals(
                MessageLayout.DESCRIPTOR_DISPOSITION,
                table.offset("mach_msg_guarded_port_descriptor_t", "disposition"));
    }

    @ParameterizedTest
    @EnumSource
    void everyNumberOfTheMemoryCallsHasTheValueOfItsNamesakeInC(Arch arch) throws Exception {
        AbiTable table = AbiTable.of(arch);

        compare(name -> table.constant(name).map(Long::intValue), DarwinMemoryCalls.class);
    }

    @ParameterizedTest
    @EnumSource
    void everyOptionOfAPortLiesWhereCHasIt(Arch arch) throws Exception {
        compare(in(PORT_OPTIONS, AbiTable.of(arch)), PortOptionsLayout.class);
    }

    @Test
    void everyCodeIsCalledAsInC() throws Exception {
        for (Field field : intConstants(KernReturn.class)) {
            String name = IN_C.getOrDefault(field.getName(), field.getName());

            assertEquals(name, new KernReturn(field.getInt(null)).name());
        }
    }

    @ParameterizedTest
    @EnumSource
    void theTypeOfADescriptorIsInTheSameByteOfEveryKind(Arch arch) {
        for (String struct : List.of(
                "mach_msg_port_descriptor_t",
                "mach_msg_ool_descriptor_t",
                "mach_msg_ool_ports_descriptor_t",
                "mach_msg_guarded_port_descriptor_t")) {
            assertEquals(MessageLayout.DESCRIPTOR_TYPE, AbiTable.of(arch).offset(struct, "type"), struct);
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyDescriptorThatIsNoPortHasTheOtherSize(Arch arch) {
        for (String struct : List.of(
                "mach_msg_ool_descriptor_t", "mach_msg_ool_ports_descriptor_t", "mach_msg_guarded_port_descriptor_t")) {
            assertEquals(MessageLayout.OOL_DESCRIPTOR_SIZE, AbiTable.of(arch).size(struct), struct);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theQueueLimitIsAllThereIsInTheLimits(Arch arch) {
        assertEquals(0, AbiTable.of(arch).offset("mach_port_limits_t", "mpl_qlimit"));
        assertEquals(
                PortOptionsLayout.RESERVED - PortOptionsLayout.QUEUE_LIMIT,
                AbiTable.of(arch).size("mach_port_limits_t"));
    }

    @ParameterizedTest
    @EnumSource
    void theLargestFlavorOfAttributesFits(Arch arch) {
        AbiTable table = AbiTable.of(arch);

        assertEquals(
                DarwinMachCalls.MAX_INFO, constant("MACH_PORT_INFO_EXT_COUNT").applyAsInt(table));
        for (String count : List.of(
                "MACH_PORT_LIMITS_INFO_COUNT", "MACH_PORT_RECEIVE_STATUS_COUNT", "MACH_PORT_GUARD_INFO_COUNT")) {
            assertTrue(constant(count).applyAsInt(table) < DarwinMachCalls.MAX_INFO, count);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theLongestServiceNameLeavesRoomForTheFinalZero(Arch arch) {
        assertEquals(
                BootstrapCalls.MAX_NAME_BYTES,
                constant("BOOTSTRAP_MAX_NAME_LEN").applyAsInt(AbiTable.of(arch)) - 1);
    }
}
