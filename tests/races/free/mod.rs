//! The race-free cases.
#![allow(
    clippy::needless_range_loop,
    clippy::assign_op_pattern,
    reason = "loops are written as in OpenMP's programs"
)]

use crate::case;
use crate::team::Team;

#[path = "042_tiled_products.rs"]
mod f042_tiled_products;
#[path = "043_row_then_column_sweeps.rs"]
mod f043_row_then_column_sweeps;
#[path = "045_doall.rs"]
mod f045_doall;
#[path = "046_doall_rows.rs"]
mod f046_doall_rows;
#[path = "048_firstprivate.rs"]
mod f048_firstprivate;
#[path = "052_indirect_disjoint.rs"]
mod f052_indirect_disjoint;
#[path = "053_row_from_the_next.rs"]
mod f053_row_from_the_next;
#[path = "055_time_skewed.rs"]
mod f055_time_skewed;
#[path = "058_phases_in_a_region.rs"]
mod f058_phases_in_a_region;
#[path = "059_lastprivate.rs"]
mod f059_lastprivate;
#[path = "060_matrix_product.rs"]
mod f060_matrix_product;
#[path = "063_outer_only.rs"]
mod f063_outer_only;
#[path = "065_pi.rs"]
mod f065_pi;
#[path = "066_two_arrays.rs"]
mod f066_two_arrays;
#[path = "069_lock_in_sections.rs"]
mod f069_lock_in_sections;
#[path = "070_lanes.rs"]
mod f070_lanes;
#[path = "072_out_then_in.rs"]
mod f072_out_then_in;
#[path = "077_single.rs"]
mod f077_single;
#[path = "079_one_writes_two_read.rs"]
mod f079_one_writes_two_read;
#[path = "081_by_value.rs"]
mod f081_by_value;
#[path = "085_threadprivate.rs"]
mod f085_threadprivate;
#[path = "093_collapse.rs"]
mod f093_collapse;
#[path = "101_a_task_an_element.rs"]
mod f101_a_task_an_element;
#[path = "104_nowait_and_barrier.rs"]
mod f104_nowait_and_barrier;
#[path = "105_fibonacci.rs"]
mod f105_fibonacci;
#[path = "107_group_then_task.rs"]
mod f107_group_then_task;
#[path = "108_atomic.rs"]
mod f108_atomic;
#[path = "110_ordered.rs"]
mod f110_ordered;
#[path = "112_linear.rs"]
mod f112_linear;
#[path = "121_reductions_in_a_region.rs"]
mod f121_reductions_in_a_region;
#[path = "125_single.rs"]
mod f125_single;
#[path = "128_threadprivate_in_tasks.rs"]
mod f128_threadprivate_in_tasks;
#[path = "132_waits_for_one_then_for_all.rs"]
mod f132_waits_for_one_then_for_all;
#[path = "143_event.rs"]
mod f143_event;
#[path = "182_handoff.rs"]
mod f182_handoff;
#[path = "190_producer_and_consumer.rs"]
mod f190_producer_and_consumer;
#[path = "194_two_buffers.rs"]
mod f194_two_buffers;
#[path = "208_dynamic_lanes.rs"]
mod f208_dynamic_lanes;
#[path = "r51_views_change_roles.rs"]
mod r51_views_change_roles;
#[path = "r52_a_region_in_a_region.rs"]
mod r52_a_region_in_a_region;
#[path = "r53_a_lock_in_itself.rs"]
mod r53_a_lock_in_itself;
#[path = "r54_a_function_with_constructs.rs"]
mod r54_a_function_with_constructs;
#[path = "r55_one_thread_forks.rs"]
mod r55_one_thread_forks;
#[path = "x70_atomic_counter.rs"]
mod x70_atomic_counter;
#[path = "x71_mutex_list.rs"]
mod x71_mutex_list;
#[path = "x72_swapped_views.rs"]
mod x72_swapped_views;
#[path = "x73_every_second.rs"]
mod x73_every_second;
#[path = "x74_thread_local.rs"]
mod x74_thread_local;
#[path = "x80_red_black.rs"]
mod x80_red_black;
#[path = "x81_wavefront.rs"]
mod x81_wavefront;
#[path = "x82_rows_of_a_sweep.rs"]
mod x82_rows_of_a_sweep;
#[path = "x95_coloured_edges.rs"]
mod x95_coloured_edges;

/// A race-free case.
pub struct Case {
    /// File name without `.rs`.
    pub name: String,
    pub class: String,
    /// Computes the pattern on a team and compares it with a sequential loop.
    pub run: fn(&Team),
    /// The loop says its schedule itself, so that only the team's size varies.
    pub own_schedule: bool,
}

const EVERY: bool = false;
const OWN: bool = true;

type Entry = (&'static str, fn(&Team), bool);

const ENTRIES: &[Entry] = &[
    ("042_tiled_products", f042_tiled_products::run, EVERY),
    (
        "043_row_then_column_sweeps",
        f043_row_then_column_sweeps::run,
        EVERY,
    ),
    ("045_doall", f045_doall::run, EVERY),
    ("046_doall_rows", f046_doall_rows::run, EVERY),
    ("048_firstprivate", f048_firstprivate::run, EVERY),
    ("052_indirect_disjoint", f052_indirect_disjoint::run, EVERY),
    ("053_row_from_the_next", f053_row_from_the_next::run, EVERY),
    ("055_time_skewed", f055_time_skewed::run, EVERY),
    (
        "058_phases_in_a_region",
        f058_phases_in_a_region::run,
        EVERY,
    ),
    ("059_lastprivate", f059_lastprivate::run, EVERY),
    ("060_matrix_product", f060_matrix_product::run, EVERY),
    ("063_outer_only", f063_outer_only::run, EVERY),
    ("065_pi", f065_pi::run, EVERY),
    ("066_two_arrays", f066_two_arrays::run, OWN),
    ("069_lock_in_sections", f069_lock_in_sections::run, OWN),
    ("070_lanes", f070_lanes::run, EVERY),
    ("072_out_then_in", f072_out_then_in::run, OWN),
    ("077_single", f077_single::run, OWN),
    (
        "079_one_writes_two_read",
        f079_one_writes_two_read::run,
        OWN,
    ),
    ("081_by_value", f081_by_value::run, OWN),
    ("085_threadprivate", f085_threadprivate::run, EVERY),
    ("093_collapse", f093_collapse::run, EVERY),
    ("101_a_task_an_element", f101_a_task_an_element::run, OWN),
    (
        "104_nowait_and_barrier",
        f104_nowait_and_barrier::run,
        EVERY,
    ),
    ("105_fibonacci", f105_fibonacci::run, OWN),
    ("107_group_then_task", f107_group_then_task::run, OWN),
    ("108_atomic", f108_atomic::run, OWN),
    ("110_ordered", f110_ordered::run, EVERY),
    ("112_linear", f112_linear::run, EVERY),
    (
        "121_reductions_in_a_region",
        f121_reductions_in_a_region::run,
        EVERY,
    ),
    ("125_single", f125_single::run, OWN),
    (
        "128_threadprivate_in_tasks",
        f128_threadprivate_in_tasks::run,
        OWN,
    ),
    (
        "132_waits_for_one_then_for_all",
        f132_waits_for_one_then_for_all::run,
        OWN,
    ),
    ("143_event", f143_event::run, OWN),
    ("182_handoff", f182_handoff::run, OWN),
    (
        "190_producer_and_consumer",
        f190_producer_and_consumer::run,
        OWN,
    ),
    ("194_two_buffers", f194_two_buffers::run, EVERY),
    ("208_dynamic_lanes", f208_dynamic_lanes::run, OWN),
    ("r51_views_change_roles", r51_views_change_roles::run, EVERY),
    (
        "r52_a_region_in_a_region",
        r52_a_region_in_a_region::run,
        EVERY,
    ),
    ("r53_a_lock_in_itself", r53_a_lock_in_itself::run, OWN),
    (
        "r54_a_function_with_constructs",
        r54_a_function_with_constructs::run,
        EVERY,
    ),
    ("r55_one_thread_forks", r55_one_thread_forks::run, EVERY),
    ("x70_atomic_counter", x70_atomic_counter::run, EVERY),
    ("x71_mutex_list", x71_mutex_list::run, EVERY),
    ("x72_swapped_views", x72_swapped_views::run, EVERY),
    ("x73_every_second", x73_every_second::run, EVERY),
    ("x74_thread_local", x74_thread_local::run, EVERY),
    ("x80_red_black", x80_red_black::run, EVERY),
    ("x81_wavefront", x81_wavefront::run, EVERY),
    ("x82_rows_of_a_sweep", x82_rows_of_a_sweep::run, EVERY),
    ("x95_coloured_edges", x95_coloured_edges::run, EVERY),
];

/// All of them, and no file forgotten.
pub fn cases() -> Vec<Case> {
    let entries = case::files("free").into_iter().map(|(name, _, text)| {
        let entry = ENTRIES.iter().find(|e| e.0 == name);
        let (_, run, own_schedule) =
            *entry.unwrap_or_else(|| panic!("free/{name}.rs is not in the list of free/mod.rs"));
        let class = case::class(&name, &text);
        Case {
            name,
            class,
            run,
            own_schedule,
        }
    });
    entries.collect()
}
