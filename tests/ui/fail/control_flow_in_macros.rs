use phalanx::prelude::*;

#[omp]
fn f(v: &[Option<i32>], y: &mut [i32]) -> i32 {
    #[parallel_for(disjoint(y))]
    for i in 0..v.len() {
        y[i] = 1;
        println!("{}", match v[i] { Some(x) => x, None => break });
        assert!(v[i].is_some() || return);
    }
    #[parallel_for(disjoint(y))]
    for i in 0..v.len() {
        y[i] = 1;
        for _ in 0..(if i == 3 { break } else { 2 }) {}
    }
    #[parallel_for(disjoint(y))]
    'a: for i in 0..v.len() {
        y[i] = 1;
        'b: for _ in 0..2 {
            continue 'b;
        }
        if i == 3 {
            break 'a;
        }
    }
    let mut last = 0;
    #[parallel_for(lastprivate(last))]
    for i in 0..v.len() {
        last = i as i32;
        println!("{}", match v[i] { Some(x) => x, None => continue });
    }
    last
}

fn main() {}
