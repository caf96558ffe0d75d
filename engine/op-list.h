/* SPDX-License-Identifier: MIT
 *
 * Every card, one line each: ENG_OP (name of the const EngOp). The order is the
 * order of eng_op_list and of the legend; a recording refers to cards by name, so
 * lines may be moved. Included by registry.c with ENG_OP defined. */

/* Making tensors. */
ENG_OP (eng_op_zeros)
ENG_OP (eng_op_ones)
ENG_OP (eng_op_full)
ENG_OP (eng_op_empty)
ENG_OP (eng_op_zeros_like)
ENG_OP (eng_op_ones_like)
ENG_OP (eng_op_full_like)
ENG_OP (eng_op_empty_like)
ENG_OP (eng_op_rand)
ENG_OP (eng_op_randn)
ENG_OP (eng_op_rand_like)
ENG_OP (eng_op_randn_like)
ENG_OP (eng_op_randint)
ENG_OP (eng_op_randint_low)
ENG_OP (eng_op_randperm)
ENG_OP (eng_op_normal)
/* Arithmetic. */
ENG_OP (eng_op_add_tensor)
ENG_OP (eng_op_add_scalar)
ENG_OP (eng_op_sub_tensor)
ENG_OP (eng_op_sub_scalar)
ENG_OP (eng_op_rsub_tensor)
ENG_OP (eng_op_rsub_scalar)
ENG_OP (eng_op_neg)
ENG_OP (eng_op_mul_tensor)
ENG_OP (eng_op_mul_scalar)
ENG_OP (eng_op_div_tensor)
ENG_OP (eng_op_div_scalar)
ENG_OP (eng_op_reciprocal)
/* One entry at a time. */
ENG_OP (eng_op_tanh)
ENG_OP (eng_op_sigmoid)
ENG_OP (eng_op_relu)
ENG_OP (eng_op_tanh_backward)
ENG_OP (eng_op_sigmoid_backward)
ENG_OP (eng_op_threshold_backward)
/* Matrix products. */
ENG_OP (eng_op_mm)
ENG_OP (eng_op_mv)
ENG_OP (eng_op_dot)
ENG_OP (eng_op_bmm)
/* Sums and extremes. */
ENG_OP (eng_op_sum)
ENG_OP (eng_op_sum_dim)
ENG_OP (eng_op_mean)
ENG_OP (eng_op_mean_dim)
/* Views. */
ENG_OP (eng_op_t)
ENG_OP (eng_op_transpose)
ENG_OP (eng_op_permute)
ENG_OP (eng_op_view)
ENG_OP (eng_op_expand)
ENG_OP (eng_op_unsqueeze)
ENG_OP (eng_op_squeeze)
ENG_OP (eng_op_squeeze_dim)
/* Copies. */
ENG_OP (eng_op_clone)
ENG_OP (eng_op_to_copy)
/* Written in place. */
ENG_OP (eng_op_zero_)
ENG_OP (eng_op_fill_scalar_)
ENG_OP (eng_op_fill_tensor_)
ENG_OP (eng_op_copy_)
ENG_OP (eng_op_uniform_)
ENG_OP (eng_op_normal_)
ENG_OP (eng_op_random_)
ENG_OP (eng_op_bernoulli_)
