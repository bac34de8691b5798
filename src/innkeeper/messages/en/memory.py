"""The host's memory."""

TEXT = {
    "memory.huge_pages.none": "no huge pages are set aside, and no guest asks for them",
    "memory.huge_pages.unknown_to_kernel": "this kernel has no huge pages, and no guest can ask for them",
    "memory.huge_pages.there": "{size} in huge pages are set aside; guests that ask for them: {guests}",
    "memory.huge_pages.few": "guest {guest} asks for {count} huge pages of {page}, and {free} are free",
    "memory.huge_pages.few.means": (
        "it does not start until there are enough; after a long time of running, memory may be too "
        "scattered to make them, and a reboot helps"
    ),
    "memory.huge_pages.no_memory": (
        "guest {guest} asks for {count} huge pages of {page}, {free} are free, and the host has not the "
        "memory for the rest"
    ),
    "memory.huge_pages.no_memory.means": "it cannot start beside what runs now",
    "memory.huge_pages.no_memory.remedy": (
        "stop another guest, give this one less memory, or leave out its <hugepages/>"
    ),
    "memory.huge_pages.unmounted": (
        "huge pages of {page} are in use, and no hugetlbfs of that size is mounted"
    ),
    "memory.huge_pages.unmounted.means": (
        "libvirt finds huge pages by that mount: guests that ask for them do not start"
    ),
    "memory.huge_pages.idle": "{size} in huge pages of {page} are set aside, and no guest asks for them",
    "memory.huge_pages.idle.means": "nothing else can use that memory",
    "memory.transparent.on": "the kernel makes huge pages by itself ({mode})",
    "memory.transparent.none": "this kernel makes no huge pages by itself",
    "memory.transparent.never": "the kernel is told never to make huge pages by itself",
    "memory.transparent.never.means": (
        "guests with much memory are slower: the processor looks up every 4 KiB of it by itself"
    ),
    "memory.ksm.none": "this kernel cannot merge equal pages of guests (KSM)",
    "memory.ksm.on": "equal pages of guests are merged (KSM); {saved} are saved now",
    "memory.ksm.off": "equal pages of guests are not merged (KSM is off), and memory is not tight",
    "memory.ksm.off_and_tight": (
        "running guests were promised {promised} of the host's {total}, and equal pages are not merged "
        "(KSM is off)"
    ),
    "memory.ksm.off_and_tight.means": (
        "merging frees memory when guests are alike, for some processor time; guests that must not learn "
        "of each other should not be merged"
    ),
    "memory.swap.there": "{size} of swap for {memory} of memory",
    "memory.swap.compressed": "{size} of swap in compressed memory (zram)",
    "memory.swap.none": "there is no swap for {memory} of memory",
    "memory.swap.none.means": (
        "when memory runs out the kernel ends a process, and the largest ones are guests; idle memory of "
        "guests cannot be put aside"
    ),
    "memory.swap.little": "there are only {size} of swap for {memory} of memory",
    "memory.swap.little.means": (
        "it puts off for a moment only that the kernel ends a guest when memory runs out"
    ),
    "memory.swappiness.fine": "the kernel swaps with restraint (vm.swappiness is {value})",
    "memory.swappiness.high": "the kernel swaps eagerly (vm.swappiness is {value})",
    "memory.swappiness.high.means": (
        "guests' memory is written to disk in favour of the file cache, and guests stall when they need "
        "it again"
    ),
    "memory.overcommit.fine": "the kernel gives guests memory when they use it",
    "memory.overcommit.strict": (
        "the kernel counts promised memory as used (vm.overcommit_memory is 2); {left} can still be promised"
    ),
    "memory.overcommit.strict.means": (
        "guests fail to start, or to take another device, though there is memory free"
    ),
}
