//! Go code that calls another service.

use super::is_retried;

const HTTP_HEAD: &str = r#"// Package peer reads items of another service.
package peer

import (
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"os"
	"time"
)

// Client reads items over HTTP.
type Client struct {
	base string
	http *http.Client
}

// NewClient reads the address from the environment.
func NewClient() *Client {
	return &Client{
		base: os.Getenv("@BASE@_URL"),
		http: &http.Client{Timeout: 2 * time.Second},
	}
}

func (c *Client) fetch(path string, out any) error {
	req, err := http.NewRequest(http.MethodGet, c.base+path, nil)
	if err != nil {
		return err
	}
	req.Header.Set("X-Client-Id", "@SELF@")
	resp, err := c.http.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("the service answered %d", resp.StatusCode)
	}
	return json.NewDecoder(resp.Body).Decode(out)
}
"#;

const HTTP_CALL: &str = r#"
// Item@AT@ is what is needed of an item of kind @AT@.
type Item@AT@ struct {
	ID     string  `json:"id"`
	Name   string  `json:"name"`
	Email  string  `json:"email"`
	Amount float64 `json:"amount"`
	Legacy string  `json:"legacy"`
}

// GetItem@AT@ reads an item of kind @AT@.
func (c *Client) GetItem@AT@(id string) (Item@AT@, error) {
	var item Item@AT@
	err := c.fetch(fmt.Sprintf("/v1/items@AT@/%s", id), &item)
	return item, err
}

// Describe@AT@ says what an item is.
func (c *Client) Describe@AT@(id string) string {
	item, err := c.GetItem@AT@(id)
	if err != nil {
		log.Printf("item %s: %v", id, err)
		return ""
	}
	if item.Amount > 0 && item.Legacy != "" {
		return fmt.Sprintf("%s costs %f", item.Name, item.Amount)
	}
	return item.Email
}
"#;

const HTTP_RETRY: &str = r"
// Wait@AT@ asks until there is an answer.
func (c *Client) Wait@AT@(id string) Item@AT@ {
	for {
		item, err := c.GetItem@AT@(id)
		if err == nil {
			return item
		}
		time.Sleep(500 * time.Millisecond)
	}
}
";

const GRPC_HEAD: &str = r#"package peer

import (
	"context"
	"os"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	pb "example.com/@PEER@/gen/@PEER@/v1"
)

// Stub reads items over gRPC.
type Stub struct {
	client pb.@STUB@ServiceClient
}

// NewStub reads the address from the environment.
func NewStub() (*Stub, error) {
	conn, err := grpc.NewClient(os.Getenv("@BASE@_ADDR"))
	if err != nil {
		return nil, err
	}
	return &Stub{client: pb.New@STUB@ServiceClient(conn)}, nil
}
"#;

const GRPC_CALL: &str = r#"
// Name@AT@ reads the name of an item of kind @AT@.
func (s *Stub) Name@AT@(ctx context.Context, id string) (string, error) {
	ctx = metadata.AppendToOutgoingContext(ctx, "x-client-id", "peer")
	resp, err := s.client.GetItem@AT@(ctx, &pb.GetItem@AT@Request{Id: id})
	if err != nil {
		return "", err
	}
	if resp.GetAmount() > 0 {
		return resp.GetName() + resp.GetLegacy(), nil
	}
	return resp.GetAddress().GetCity(), nil
}
"#;

/// A client of the OpenAPI document of `provider`, in service `service`.
pub(super) fn http_client(service: usize, provider: usize, count: usize) -> String {
    let mut text = HTTP_HEAD.replace("@BASE@", &format!("SVC{provider}")).replace("@SELF@", &format!("svc{service}"));
    for at in 0..count {
        text += &HTTP_CALL.replace("@AT@", &at.to_string());
        if is_retried(at) {
            text += &HTTP_RETRY.replace("@AT@", &at.to_string());
        }
    }
    text
}

/// A client of the protobuf package of `provider`.
pub(super) fn grpc_client(provider: usize, count: usize) -> String {
    let head = GRPC_HEAD
        .replace("@BASE@", &format!("SVC{provider}"))
        .replace("@PEER@", &format!("svc{provider}"))
        .replace("@STUB@", &format!("Svc{provider}"));
    (0..count).fold(head, |text, at| text + &GRPC_CALL.replace("@AT@", &at.to_string()))
}
