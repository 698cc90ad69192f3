//! The loops that views are compared with: raw pointers, and no checks.

use std::ops::Range;

/// Own element: one thread's part of `axpy`.
///
/// # Safety
///
/// `r` lies inside both arrays, which do not overlap.
#[inline(never)]
pub unsafe fn axpy(a: f64, x: *const f64, y: *mut f64, r: Range<usize>) {
    for i in r {
        // SAFETY: the caller's promise.
        unsafe { *y.add(i) += a * *x.add(i) }
    }
}

/// Rows `r` of a grid with rows of `cols` elements.
///
/// # Safety
///
/// The grid has these rows.
#[inline(never)]
pub unsafe fn row_scale(g: *mut f64, cols: usize, r: Range<usize>) {
    for i in r {
        for j in 0..cols {
            // SAFETY: the caller's promise.
            unsafe { *g.add(i * cols + j) *= 0.5 }
        }
    }
}

/// Columns `r` of a grid of `rows` x `cols` elements.
///
/// # Safety
///
/// The grid has that shape and these columns.
#[inline(never)]
pub unsafe fn column_scale(g: *mut f64, rows: usize, cols: usize, r: Range<usize>) {
    for j in r {
        for i in 0..rows {
            // SAFETY: the caller's promise.
            unsafe { *g.add(i * cols + j) *= 0.5 }
        }
    }
}

/// Columns `r`, each element from the one above it.
///
/// # Safety
///
/// As for [`column_scale`].
#[inline(never)]
pub unsafe fn column_sweep(g: *mut f64, rows: usize, cols: usize, r: Range<usize>) {
    for j in r {
        for i in 1..rows {
            // SAFETY: the caller's promise.
            unsafe { *g.add(i * cols + j) += 0.5 * *g.add((i - 1) * cols + j) }
        }
    }
}

/// Red-black rows: rows `1 + 2 * k` from those beside them.
///
/// # Safety
///
/// The grid has these rows and those beside them.
#[inline(never)]
pub unsafe fn red_black(g: *mut f64, cols: usize, r: Range<usize>) {
    for k in r {
        let i = 1 + 2 * k;
        for j in 0..cols {
            // SAFETY: the caller's promise.
            unsafe {
                *g.add(i * cols + j) =
                    0.5 * (*g.add((i - 1) * cols + j) + *g.add((i + 1) * cols + j))
            }
        }
    }
}

/// Every `step`-th element.
///
/// # Safety
///
/// The array has an element at the last position of `r`, times `step`.
#[inline(never)]
pub unsafe fn strided(v: *mut f64, step: usize, r: Range<usize>) {
    for k in r {
        // SAFETY: the caller's promise.
        unsafe { *v.add(k * step) *= 0.5 }
    }
}
