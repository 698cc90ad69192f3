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
#[path = "070_lanes.rs"]
mod f070_lanes;
#[path = "093_collapse.rs"]
mod f093_collapse;
#[path = "112_linear.rs"]
mod f112_linear;
#[path = "194_two_buffers.rs"]
mod f194_two_buffers;
#[path = "208_dynamic_lanes.rs"]
mod f208_dynamic_lanes;
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
    ("059_lastprivate", f059_lastprivate::run, EVERY),
    ("060_matrix_product", f060_matrix_product::run, EVERY),
    ("063_outer_only", f063_outer_only::run, EVERY),
    ("065_pi", f065_pi::run, EVERY),
    ("066_two_arrays", f066_two_arrays::run, OWN),
    ("070_lanes", f070_lanes::run, EVERY),
    ("093_collapse", f093_collapse::run, EVERY),
    ("112_linear", f112_linear::run, EVERY),
    ("194_two_buffers", f194_two_buffers::run, EVERY),
    ("208_dynamic_lanes", f208_dynamic_lanes::run, OWN),
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
