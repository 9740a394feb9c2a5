//! Files to edit, in every syntax, with everything that has a rule.

use super::source::Files;

const ORDERS: &str = r#"syntax = "proto3";
package shop.v1;
import "shop/v1/common.proto";
import "google/protobuf/timestamp.proto";
option go_package = "shop.test/gen/shop/v1;shopv1";
option java_package = "test.shop.v1";
option java_multiple_files = true;
option csharp_namespace = "Shop.V1";
message Order {
  reserved 8, 20 to 29;
  reserved "coupon", "discount";
  string id = 1;
  int64 total_cents = 2 [jstype = JS_STRING];
  repeated Line lines = 3;
  State state = 4;
  map<string, string> labels = 5;
  optional string note = 6;
  oneof payment {
    string card = 10;
    Transfer transfer = 11;
    bytes voucher = 12;
  }
  google.protobuf.Timestamp placed_at = 13;
  bool gift = 14;
  uint32 weight_grams = 15 [deprecated = true];
  Tag tag = 16;
  message Line {
    string sku = 1 [json_name = "SKU"];
    sint32 amount = 2;
    fixed64 price = 3;
    repeated int32 sizes = 4 [packed = false];
    Kind kind = 5;
    enum Kind {
      KIND_UNSPECIFIED = 0;
      KIND_ARTICLE = 1;
      KIND_SERVICE = 2;
    }
  }
}
message Transfer {
  string iban = 1;
  double fee = 2;
}
enum State {
  option allow_alias = true;
  reserved 9, 15 to 17;
  reserved "STATE_LOST";
  STATE_UNSPECIFIED = 0;
  STATE_OPEN = 1;
  STATE_NEW = 1;
  STATE_PAID = 2;
  STATE_SENT = 3;
}
message PlaceOrderRequest {
  Order order = 1;
  string idempotency_key = 2;
}
message PlaceOrderResponse {
  Order order = 1;
}
message WatchOrdersRequest {
  repeated string ids = 1;
  int32 page_size = 2;
}
service OrderService {
  rpc PlaceOrder(PlaceOrderRequest) returns (PlaceOrderResponse);
  rpc WatchOrders(WatchOrdersRequest) returns (stream Order) {
    option idempotency_level = NO_SIDE_EFFECTS;
  }
  rpc Upload(stream Order.Line) returns (PlaceOrderResponse);
}
service AuditService {
  rpc Audit(stream Order) returns (stream Tag);
}
"#;

const COMMON: &str = r#"syntax = "proto3";
package shop.v1;
option go_package = "shop.test/gen/shop/v1;shopv1";
option objc_class_prefix = "SHP";
// Something that is put on anything.
message Tag {
  string name = 1;
  Colour colour = 2;
  float weight = 3;
}
enum Colour {
  COLOUR_UNSPECIFIED = 0;
  COLOUR_RED = 1;
  COLOUR_BLUE = 2;
}
message Label {
  string name = 1;
  Colour colour = 2;
  float weight = 3;
}
message Empty {}
"#;

const LEGACY: &str = r#"syntax = "proto2";
package depot;
option optimize_for = SPEED;
option cc_generic_services = false;
option java_outer_classname = "DepotProto";
message Parcel {
  required string barcode = 1;
  optional int32 rooms = 2 [default = 3];
  optional string place = 3 [default = "shelf", ctype = CORD];
  repeated uint64 stamps = 4 [packed = true];
  optional Size size = 5 [default = LARGE];
  optional group Box = 6 {
    optional int32 width = 1;
    required int32 height = 2;
  }
  optional double ratio = 7 [default = 0.5];
  optional bytes seal = 8;
  optional bool fragile = 9 [default = true];
  extensions 100 to 199;
  extensions 500 to max;
  reserved 40 to 49;
}
enum Size {
  SMALL = 1;
  LARGE = 2;
  HUGE = -5;
}
extend Parcel {
  optional string owner = 100;
  repeated int64 weights = 101;
  optional Size other = 102;
}
message Shelf {
  repeated Parcel parcels = 1;
  optional Shelf next = 2;
  option no_standard_descriptor_accessor = false;
  extend Parcel {
    optional Shelf home = 110;
  }
}
service Depot {
  rpc Store(Parcel) returns (Shelf) { option idempotency_level = IDEMPOTENT; }
  rpc Fetch(Shelf) returns (stream Parcel) {}
}
"#;

const EDITION: &str = r#"edition = "2023";
package post.v1;
option features.field_presence = IMPLICIT;
option php_namespace = "Post\\V1";
message Letter {
  string id = 1 [features.field_presence = EXPLICIT];
  string text = 2 [features.utf8_validation = NONE];
  repeated int32 stamps = 3 [features.repeated_field_encoding = EXPANDED];
  Address to = 4 [features.message_encoding = DELIMITED];
  Address from = 5 [features.field_presence = LEGACY_REQUIRED];
  Speed speed = 6;
  int64 weight = 7;
  map<int32, Address> stations = 8;
  oneof seal {
    string wax = 9;
    bytes stamp = 10;
  }
  reserved 11 to 19, 30;
  reserved old_name;
}
message Address {
  option features.json_format = ALLOW;
  string street = 1;
  uint32 zip = 2;
}
enum Speed {
  SPEED_UNSPECIFIED = 0;
  SPEED_SLOW = 1;
  SPEED_FAST = 2;
}
enum Zone {
  option features.enum_type = CLOSED;
  ZONE_NEAR = 1;
  ZONE_FAR = 2;
}
service Post {
  rpc Send(Letter) returns (Address);
  rpc Track(Address) returns (stream Letter);
}
"#;

/// Sets of files that are edited together.
pub(super) fn all() -> Vec<Files> {
    let set = |files: &[(&str, &str)]| {
        files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect::<Files>()
    };
    vec![
        set(&[("shop/v1/orders.proto", ORDERS), ("shop/v1/common.proto", COMMON)]),
        set(&[("depot/depot.proto", LEGACY)]),
        set(&[("post/v1/post.proto", EDITION)]),
    ]
}
