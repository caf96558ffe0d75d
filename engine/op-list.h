/* SPDX-License-Identifier: MIT
 *
 * Every card, one line each: ENG_OP (name of the const EngOp). The order is the
 * order of eng_op_list and of the legend; a recording refers to cards by name, so
 * lines may be moved. Included by registry.c with ENG_OP defined. */
