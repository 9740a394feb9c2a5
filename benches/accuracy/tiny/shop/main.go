package main

import (
	"context"
	"fmt"

	pb "example.com/shop/genproto"
	"google.golang.org/grpc"
)

type guarded struct{ inner pb.CartsClient }

func (g *guarded) GetCart(ctx context.Context, in *pb.GetCartRequest, opts ...grpc.CallOption) (*pb.Cart, error) {
	return g.inner.GetCart(ctx, in, opts...)
}

func (g *guarded) Pay(ctx context.Context, in *pb.PayRequest, opts ...grpc.CallOption) (*pb.Receipt, error) {
	return g.inner.Pay(ctx, in, opts...)
}

type till struct{ carts pb.CartsClient }

type Basket pb.Cart

func open(conn *grpc.ClientConn) *till {
	return &till{carts: &guarded{inner: pb.NewCartsClient(conn)}}
}

func (t *till) pay(ctx context.Context, user string) error {
	cart, err := t.carts.GetCart(ctx, &pb.GetCartRequest{UserId: user})
	if err != nil {
		return err
	}
	names := make([]string, 0, len(cart.GetItems()))
	for i := range cart.Items {
		names = append(names, cart.Items[i].ProductId)
		cart.Items[i].Quantity++
	}
	fmt.Println(names[:min(3, len(cart.Items))], cart.GetVoucher().Code)
	cart.Discount = &pb.Cart_Percent{Percent: 5}
	return t.settle(ctx, (*Basket)(cart))
}

func (t *till) settle(ctx context.Context, basket *Basket) error {
	fmt.Println(len(basket.Items))
	receipt, err := t.carts.Pay(ctx, &pb.PayRequest{Cart: (*pb.Cart)(basket)})
	if err != nil {
		return err
	}
	fmt.Println(receipt.Number)
	return nil
}

func main() {
	conn, err := grpc.NewClient("carts:50051")
	if err != nil {
		panic(err)
	}
	if err := open(conn).pay(context.Background(), "u1"); err != nil {
		panic(err)
	}
}
