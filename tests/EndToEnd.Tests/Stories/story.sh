# What ./run wrote down: addresses, keys, tokens.
E=.data/endpoints.json
value() { grep -o "\"$1\": *\"[^\"]*\"" | head -1 | cut -d'"' -f4; }
GATEWAY=$(value gateway < $E)
KEY=$(value adminApiKey < $E)
BASE=$(grep -A2 '"provider": "EntraId"' $E | value baseUrl)
TOKEN=$(grep -A2 '"provider": "EntraId"' $E | value token)

# 1. The identity provider creates a user by SCIM.
NAME=ada.$(date +%s)@example.com
SCIM_ID=$(curl -sSf "$BASE/Users" -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/scim+json' -d '{
  "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "'$NAME'", "displayName": "Ada Lovelace", "active": true,
  "emails": [{ "type": "work", "primary": true, "value": "'$NAME'" }] }' | value id)

# 2. An admin gives it a license: one seat is used.
USER_ID=$(curl -sSf "$GATEWAY/api/v1/users?userName=$NAME" -H "Authorization: Bearer $KEY" | value id)
POOL=$(curl -sSf "$GATEWAY/api/v1/licenses/pools" -H "Authorization: Bearer $KEY" | value id)
curl -sSf -X POST "$GATEWAY/api/v1/licenses/pools/$POOL/assignments/$USER_ID" -H "Authorization: Bearer $KEY"; echo
curl -sSf "$GATEWAY/api/v1/licenses/pools" -H "Authorization: Bearer $KEY"; echo

# 3. The identity provider disables the user, in Entra ID's words.
curl -sSf -X PATCH "$BASE/Users/$SCIM_ID" -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/scim+json' -d '{
  "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
  "Operations": [{ "op": "Replace", "path": "active", "value": "False" }] }'; echo

# 4. The seat is free for somebody else.
curl -sSf "$GATEWAY/api/v1/licenses/pools" -H "Authorization: Bearer $KEY"; echo
